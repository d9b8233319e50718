"""Markdown as rich draws it, but for code: what is to be copied is never broken."""

from __future__ import annotations

from typing import ClassVar

from markdown_it.token import Token
from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import CodeBlock, Markdown, MarkdownElement
from rich.text import Text
from rich.theme import Theme

from lab_runner.formats.members import ATTRIBUTE

INDENT = "    "


class WholeLines(CodeBlock):
    """A code block whose long lines run on; the terminal wraps, a copy does not.

    One that names a machine says so above its first line.
    """

    machine = ""

    @classmethod
    def create(cls, markdown: Markdown, token: Token) -> WholeLines:
        block = cls("text", markdown.code_theme)
        named = ATTRIBUTE.search(token.info)
        block.machine = named[2] if named else ""
        return block

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> RenderResult:
        if self.machine:
            yield Text(f"{INDENT}on {self.machine}:", style="dim")
        for line in str(self.text).rstrip().split("\n"):
            yield Text(INDENT + line, style="cyan", no_wrap=True, overflow="ignore")


class Prose(Markdown):
    """Markdown with whole lines of code."""

    elements: ClassVar[dict[str, type[MarkdownElement]]] = {
        **Markdown.elements,
        "fence": WholeLines,
        "code_block": WholeLines,
    }


def markdown(source: str, width: int) -> str:
    """Render Markdown to text with ANSI colours, prose wrapped at `width` columns."""
    console = Console(
        width=width,
        force_terminal=True,
        color_system="standard",
        legacy_windows=False,
        theme=Theme({"markdown.code": "cyan"}),
    )
    with console.capture() as captured:
        console.print(Prose(source, hyperlinks=False), crop=False)
    return "\n".join(line.rstrip() for line in captured.get().splitlines())
