"""A lab's prose on a terminal; elsewhere its Markdown, which reads well as it is."""

from __future__ import annotations

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
