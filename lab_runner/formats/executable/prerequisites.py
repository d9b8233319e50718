"""Documents that one of InnovationEngine names as its prerequisites: done before it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lab_runner.formats import markdown
from lab_runner.formats.executable import sheet
from lab_runner.formats.executable.sheet import Sheet
from lab_runner.formats.foreign.notes import Notes
from lab_runner.formats.foreign.texts import Texts
from lab_runner.formats.tutorial import page as tutorial_page
from lab_runner.model import Command

TITLE = re.compile(r"(?:\d+[.)]?[ \t]+)?pre-?requisites?\b", re.IGNORECASE)
LINK = re.compile(r"\[[^\]\n]*\]\((?![a-zA-Z]+:)([^)\s#]+\.md)[^)\n]*\)")


def commands(found: Sheet, texts: Texts, notes: Notes) -> list[Command]:
    """Return the commands of the documents it links to, those they link to first."""
    return list(_commands(found, texts, notes, {found.sources[0].path}))


def _commands(
    found: Sheet, texts: Texts, notes: Notes, done: set[str]
) -> Iterator[Command]:
    for line, name in _links(found):
        text = texts.read(name, found.source(line))
        if text is None or text.path in done:
            continue
        done.add(text.path)
        inner = sheet.read(text, texts, notes)
        yield from _commands(inner, texts, notes, done)
        page = tutorial_page.read(inner.text, text.path)
        for section in page.sections:
            yield from section.commands


def _links(found: Sheet) -> Iterator[tuple[int, str]]:
    """Yield the line and the name of each document below such a heading."""
    lines = found.text.split("\n")
    headings = markdown.parse(found.text).headings
    for nth, heading in enumerate(headings):
        if TITLE.match(heading.text):
            after = [h.first for h in headings[nth + 1 :] if h.level <= heading.level]
            end = after[0] if after else len(lines)
            for row in range(heading.last, end):
                for link in LINK.finditer(lines[row]):
                    yield row + 1, link[1]
