"""A page of a tutorial as its sections and the commands in them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lab_runner.characters import control, harmless
from lab_runner.formats import details, front_matter, markdown
from lab_runner.formats.markdown import Document, Heading, inline_text
from lab_runner.formats.tutorial import blocks, tabs
from lab_runner.formats.tutorial import commands as code_commands
from lab_runner.model import Command, Problem, Source

TITLE = re.compile(r"^title:[ \t]*(['\"]?)(.+?)\1[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what is below it; the text before the first has no `heading`."""

    title: str
    heading: str
    text: str
    source: Source
    commands: tuple[Command, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """`title` is empty where the page has none."""

    title: str
    sections: tuple[Section, ...]
    problems: tuple[Problem, ...]


def read(raw: str, path: str) -> Page:
    """Read the Markdown of a page that messages show as `path`."""
    text = harmless(raw)
    lines = text.split("\n")
    end = front_matter.closing(lines)
    front = "\n".join(lines[1:end])
    blank = "\n" * (end + 1) if end else ""
    document = markdown.parse(blank + "\n".join(lines[end + 1 if end else 0 :]))
    problems = tuple(_problems(document, path))
    commands = list(_commands(document, raw, path))
    headings = _boundaries(document, commands)
    sections = tuple(_sections(document, headings, commands, path))
    named = TITLE.search(front)
    return Page(named[2] if named else _title(document), sections, problems)


def _title(document: Document) -> str:
    first = next((h for h in document.headings if h.level == 1), None)
    return inline_text(first.text, document.links) if first else ""


def _commands(document: Document, raw: str, path: str) -> Iterator[Command]:
    """Yield the commands to type, but those folded away, and those for other systems."""
    folds, _ = details.find(document)
    folded = details.folded_lines(document, folds)
    written = raw.split("\n")
    elsewhere = _Elsewhere(document)
    for code in blocks.find(document):
        if code.first in folded or code.first in elsewhere:
            continue
        for offset, text in code_commands.read(code.language, code.lines):
            row = code.first + offset
            rows = slice(row, row + text.count("\n") + 1)
            if not control("\n".join(written[rows])):
                column = document.line(row).find(text.partition("\n")[0]) + 1
                yield Command(text, "type", Source(path, row + 1, max(column, 1)))


class _Elsewhere:
    """The rows below headings, and in tabs, that are for other systems than Linux."""

    def __init__(self, document: Document) -> None:
        self._starts = [heading.first for heading in document.headings]
        self._is_elsewhere: list[bool] = []
        self._tabs = tabs.foreign_rows(document.text.split("\n"))
        path: list[tuple[int, bool]] = []
        for heading in document.headings:
            path = [each for each in path if each[0] < heading.level]
            path.append((heading.level, tabs.is_foreign(heading.text)))
            self._is_elsewhere.append(any(each for _, each in path))

    def __contains__(self, row: int) -> bool:
        at = bisect_right(self._starts, row) - 1
        return row in self._tabs or (at >= 0 and self._is_elsewhere[at])


def _boundaries(document: Document, commands: Sequence[Command]) -> Sequence[Heading]:
    """Return the headings that begin sections.

    They are those of the highest level at which at least two sections have commands,
    else of the highest at which one has, and all above it. Where there is no command,
    two sections of any kind do.
    """
    rows = [command.source.line - 1 for command in commands]
    levels = sorted({heading.level for heading in document.headings})
    chosen = [[h for h in document.headings if h.level <= level] for level in levels]
    for least in (2, 1):
        for headings in chosen:
            if len(_busy(headings, rows)) >= least:
                return headings
    return next((found for found in chosen if len(found) > 1), document.headings)


def _busy(headings: Sequence[Heading], rows: Sequence[int]) -> set[int]:
    """Return the numbers of the headings with commands below them."""
    starts = [heading.first for heading in headings]
    return {at for row in rows if (at := bisect_right(starts, row))}


def _sections(
    document: Document,
    headings: Sequence[Heading],
    commands: Sequence[Command],
    path: str,
) -> Iterator[Section]:
    starts = [0, *(heading.first for heading in headings)]
    grouped: list[list[Command]] = [[] for _ in starts]
    for command in commands:
        grouped[bisect_right(starts, command.source.line - 1) - 1].append(command)
    ends = [*starts[1:], document.text.count("\n")]
    yield Section(
        "", "", _text(document, 0, ends[0]), Source(path, 1), tuple(grouped[0])
    )
    for heading, end, found in zip(headings, ends[1:], grouped[1:], strict=True):
        title = inline_text(heading.text, document.links)
        mark = _text(document, heading.first, heading.last)
        text = _text(document, heading.last, end)
        source = Source(path, heading.first + 1)
        yield Section(title, mark, text, source, tuple(found))


def _text(document: Document, first: int, last: int) -> str:
    return document.text[document.starts[first] : document.starts[last]].strip("\n")


def _problems(document: Document, path: str) -> Iterator[Problem]:
    """Yield what may have been read otherwise than it was meant."""
    for fence in document.fences:
        if not fence.is_closed:
            source = Source(path, fence.first + 1)
            advice = f"Write {fence.marker} on a line of its own where it ends"
            message = "this fence is not closed"
            yield Problem(source, message, advice, "warning", "unclosed-fence")
    if document.too_deep:
        source = Source(path, document.too_deep.first + 1)
        message = "lists and quotes are nested too deeply here to be read"
        advice = "Nest at most eight levels"
        yield Problem(source, message, advice, "warning", "too-deep")
