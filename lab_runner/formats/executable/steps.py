"""Which headings of a document begin steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lab_runner.formats import markdown
from lab_runner.formats.markdown import inline_text
from lab_runner.formats.tutorial import page as tutorial_page


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where a step begins: its title, and how many lines its heading takes."""

    title: str
    lines: int


def of_codelab(text: str) -> Mapping[int, Beginning]:
    """Return the steps of a codelab, by line from 1: every `##` is one."""
    document = markdown.parse(text)
    return {
        each.first + 1: Beginning(
            inline_text(each.text, document.links), each.last - each.first
        )
        for each in document.headings
        if each.level == 2
    }


def of_tutorial(text: str, title: str) -> Mapping[int, Beginning]:
    """Return the steps of any other document: the sections that have commands.

    Where none has, every section but that of the title is one.
    """
    found = tutorial_page.read(text, "").sections
    busy = [section for section in found if section.commands]
    others = [each for each in found if each.heading and each.title != title]
    return {
        section.source.line: Beginning(
            section.title or title, len(section.heading.splitlines())
        )
        for section in busy or others
    }
