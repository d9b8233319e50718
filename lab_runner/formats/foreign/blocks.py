"""A page of Markdown as fences and the lines between them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

OPENING = re.compile(
    r"(?P<prefix>[ \t>]{0,40}(?:(?:[-*+]|\d{1,9}[.)])[ \t]{1,9}){0,3})"
    r"(?P<marker>`{3,}|~{3,})[ \t]*(?P<info>[^`]*)"
)


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of prose; `first` counts from 1."""

    first: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fence:
    """A piece of code; `first` and `last` are the lines of its markers."""

    first: int
    last: int
    info: str
    text: str
    is_closed: bool = True


def split(text: str) -> Iterator[Lines | Fence]:
    """Yield the blocks of a page; code in a list comes to the margin, with its list."""
    lines = text.split("\n")
    start = row = moved = 0
    while row < len(lines):
        opening = OPENING.fullmatch(lines[row])
        if opening is None:
            row += 1
            continue
        yield from _lines(lines[start:row], start, moved)
        indent = len(opening["prefix"])
        end = _end(lines, row, opening["marker"])
        code = "\n".join(dedented(line, indent) for line in lines[row + 1 : end])
        is_closed = end < len(lines)
        last = end + is_closed
        yield Fence(row + 1, last, opening["info"].strip(), code, is_closed)
        start = row = end + 1
        moved = indent
    yield from _lines(lines[start:], start, moved)


def dedented(line: str, indent: int) -> str:
    """Take away as much of the indentation as the fence itself has."""
    margin = re.match(r"[ \t>]*", line[:indent])
    return line[margin.end() :] if margin else line


def _end(lines: Sequence[str], first: int, marker: str) -> int:
    """Return the row of the marker that closes a fence, or the number of rows."""
    closing = re.compile(rf"[ \t>]*{marker[0]}{{{len(marker)},}}[ \t]*")
    rows = range(first + 1, len(lines))
    return next((row for row in rows if closing.fullmatch(lines[row])), len(lines))


def _lines(lines: Sequence[str], start: int, moved: int) -> Iterator[Lines]:
    """Yield lines without blank ones around them.

    What follows code in a list comes to the margin as far as the code did.
    """
    found = []
    for line in lines:
        if line.strip():
            moved = min(moved, len(line) - len(line.lstrip(" \t")))
        found.append(line[moved:])
    rows = [row for row, line in enumerate(found) if line.strip()]
    if rows:
        yield Lines(start + rows[0] + 1, tuple(found[rows[0] : rows[-1] + 1]))
