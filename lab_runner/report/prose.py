"""A lab's prose on a terminal; elsewhere its Markdown, which reads well as it is."""

from __future__ import annotations

from lab_runner.model import Step
from lab_runner.report.style import Style, harmless


def markdown(text: str, style: Style) -> str:
    """Render Markdown for a terminal with colour, else return it harmless and plain."""
    source = harmless(text).strip()
    if not style.colour:
        return source
    # Rich is imported only where prose is shown: it costs more than most checks.
    from rich.console import Console  # noqa: PLC0415
    from rich.markdown import Markdown  # noqa: PLC0415

    console = Console(
        width=min(style.width, 100),
        force_terminal=True,
        color_system="standard",
        legacy_windows=False,
    )
    with console.capture() as captured:
        console.print(Markdown(source, code_theme="ansi_dark", hyperlinks=False))
    return "\n".join(line.rstrip() for line in captured.get().splitlines())


def step(each: Step, style: Style) -> str:
    return markdown(each.body, style) if each.body.strip() else ""
