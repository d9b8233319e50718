"""A document as the lines to be read, each of which knows where it was written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lab_runner.formats.executable import marks
from lab_runner.formats.foreign import documents
from lab_runner.formats.foreign.notes import Notes, named
from lab_runner.formats.foreign.texts import Text, Texts
from lab_runner.model import Source

IMPORT = re.compile(
    r"[ \t]*(?:\[\[import[ \t]+([^\]\s]+)\]\]|<<([^<>\s]+\.md)>>)[ \t]*"
)
KEY = re.compile(r"([A-Za-z][\w -]{0,40}):[ \t]*(.*)")
DURATION = re.compile(
    r"[ \t]*Duration:?[ \t]+(\d{1,4}(?::\d{1,2}){0,2})[ \t]*", re.IGNORECASE
)
DEEPEST = 5


@dataclass(frozen=True, slots=True)
class Sheet:
    """The text below the front matter `values`; `minutes` is what its parts take.

    `text` has the lines of all files that it imports, and `sources` the place of each.
    """

    values: Mapping[str, Any]
    text: str
    sources: tuple[Source, ...]
    minutes: int = 0

    def source(self, line: int) -> Source:
        """Return where a line of the text, from 1, was written."""
        return self.sources[min(line, len(self.sources)) - 1]


def read(text: Text, texts: Texts, notes: Notes) -> Sheet:
    """Read a document with all that it imports from its folder."""
    values, page = _front(text, notes)
    lines: list[str] = []
    sources: list[Source] = []
    seconds = 0
    for line, source in _lines(page, texts, notes, (text.path,)):
        duration = DURATION.fullmatch(line)
        seconds += _seconds(duration[1]) if duration else 0
        lines.append("" if duration else line)
        sources.append(source)
    return Sheet(values, "\n".join(lines) + "\n", tuple(sources), -(-seconds // 60))


def _front(text: Text, notes: Notes) -> tuple[Mapping[str, Any], Text]:
    """Return the facts on top: of codelabs also those without lines of `---`."""
    if text.content.startswith("---") or not marks.is_codelab(text.content):
        found = documents.read_page(text, notes)
        return found.values, found.page
    lines, values = text.content.split("\n"), dict[str, str]()
    for row, line in enumerate(lines):
        key = KEY.fullmatch(line)
        if not key:
            break
        values[key[1].lower()] = key[2].strip()
        lines[row] = ""
    return values, Text(text.path, "\n".join(lines))


def _lines(
    text: Text, texts: Texts, notes: Notes, around: tuple[str, ...]
) -> Iterator[tuple[str, Source]]:
    """Yield the lines of a text and, in place of an import, those of another."""
    for number, line in enumerate(text.content.split("\n"), 1):
        found = IMPORT.fullmatch(line)
        source = text.source(number)
        if not found:
            yield line, source
            continue
        name = found[1] or found[2]
        inner = texts.read(name, source)
        if inner and inner.path not in around and len(around) < DEEPEST:
            yield from _lines(inner, texts, notes, (*around, inner.path))
        elif inner:
            message = f"{named(name)} is imported into itself"
            notes.add("dropped", source, message, "Import it once")


def _seconds(duration: str) -> int:
    """Return what `5`, `3:00` and `1:30:00` say: minutes, with seconds, with hours."""
    parts = [int(part) for part in duration.split(":")]
    if len(parts) == 1:
        return parts[0] * 60
    hours, minutes, seconds = [0, *parts][-3:]
    return hours * 3600 + minutes * 60 + seconds
