"""A lab's prose on a terminal; elsewhere its Markdown, which reads well as it is."""

from __future__ import annotations

from itertools import groupby

from lab_runner.characters import harmless
from lab_runner.model import Step
from lab_runner.report.style import Style


def markdown(text: str, style: Style) -> str:
    """Render Markdown for a terminal with colour, else return it harmless and plain."""
    source = harmless(text).strip()
    if not style.colour:
        return source
    # Rich is imported only where prose is shown: it costs more than most checks.
    from lab_runner.report import rendered  # noqa: PLC0415

    return rendered.markdown(source, min(style.width, 100))


def step(each: Step, style: Style) -> str:
    return markdown(each.body, style) if each.body.strip() else ""


def solution(each: Step, style: Style) -> str:
    """Return the commands of a step's solution, one block for each machine in turn."""
    blocks = []
    for machine, commands in groupby(each.solution, lambda command: command.machine):
        info = f"bash machine={machine}" if machine else "bash"
        lines = "\n".join(command.text.rstrip() for command in commands)
        blocks.append(f"```{info}\n{lines}\n```")
    return markdown("\n\n".join(blocks), style)
