"""A page as paragraphs and fences.

Not CommonMark: there a fence that ends in ```` ```{{exec}} ```` does not end at all, and
the rest of the page would be code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from lab_runner.formats.foreign.blocks import OPENING, dedented
from lab_runner.formats.killercoda import markers
from lab_runner.formats.killercoda.markers import Action

CLOSING = re.compile(r"[ \t>]*(?P<marker>`{3,}|~{3,})(?P<rest>.*)")
GLUED = re.compile(r"(?<!`)`{3,}[ \t]*(?P<rest>\{\{[^{}`]*\}\}.*)")
UNCLOSED, SHORT = "it is never closed", "its last line is shorter than its first"
NO_BEGINNING = "its first line is missing"
HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]|$)")
LIST_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines without a blank one between them; `first` counts from 1."""

    first: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fence:
    """A piece of code, its actions, and what its markers leave of the last line.

    `flaw` says in words what was wrong with its end; `last` is the line of that end.
    """

    first: int
    last: int
    indent: int
    info: str
    text: str
    actions: list[Action] = field(default_factory=list)
    tail: str = ""
    flaw: str = ""


Block = Paragraph | Fence


@dataclass(frozen=True, slots=True)
class _End:
    row: int
    rest: str = ""
    glued: str | None = None
    flaw: str = ""


def split(text: str) -> list[Block]:
    """Return the blocks of a page; markers alone on a line belong to the fence before."""
    found: list[Block] = []
    for block in _blocks(text):
        joined = _joined(found[-1], block) if found else None
        found[-1:] = joined or [*found[-1:], block]
    return found


def _joined(before: Block, block: Block) -> list[Block] | None:
    """Return a fence with the markers on the line after it, and what follows them."""
    if isinstance(block, Fence) or isinstance(before, Paragraph) or before.actions:
        return None
    actions, rest = markers.actions(block.lines[0])
    if not actions or rest.strip():
        return None
    others = block.lines[1:]
    remainder = [Paragraph(block.first + 1, others)] if others else []
    return [replace(before, actions=actions), *remainder]


def _blocks(text: str) -> Iterator[Block]:
    lines = text.split("\n")
    row = 0
    while row < len(lines):
        opening = OPENING.fullmatch(lines[row])
        if opening and _is_stray(lines, row, opening):
            actions, tail = markers.actions(opening["info"])
            yield Fence(row + 1, row + 1, 0, "", "", actions, tail, NO_BEGINNING)
            row += 1
        elif opening:
            end = _end(lines, row, opening["marker"])
            yield _fence(lines, row, opening, end)
            row = end.row + 1
        elif lines[row].strip():
            last = _paragraph_end(lines, row)
            yield Paragraph(row + 1, tuple(lines[row:last]))
            row = last
        else:
            row += 1


def _paragraph_end(lines: Sequence[str], row: int) -> int:
    last = row + 1
    while last < len(lines) and not _begins_anew(lines[last - 1], lines[last]):
        last += 1
    return last


def _begins_anew(before: str, line: str) -> bool:
    """Tell whether a line does not go on with the paragraph of the line before."""
    is_heading = HEADING.match(before) or HEADING.match(line)
    is_block = LIST_ITEM.match(line) or OPENING.fullmatch(line)
    return not line.strip() or bool(is_heading or is_block)


def _is_stray(lines: Sequence[str], row: int, opening: re.Match[str]) -> bool:
    """Tell whether this is the end of code whose first line nobody wrote."""
    return opening["info"].startswith("{{") and bool(row and lines[row - 1].strip())


def _end(lines: Sequence[str], first: int, marker: str) -> _End:
    """Find where a fence ends that begins on row `first`."""
    short = None
    for row in range(first + 1, len(lines)):
        closing = CLOSING.fullmatch(lines[row])
        if closing and closing["marker"][0] == marker[0]:
            rest = closing["rest"].strip()
            is_long = len(closing["marker"]) >= len(marker)
            if rest.startswith("{{") or (is_long and not rest):
                return _End(row, rest, flaw="" if is_long else SHORT)
            if is_long and "`" not in rest:
                return short or _End(row - 1, flaw=UNCLOSED)
            short = short or (None if rest else _End(row, flaw=SHORT))
        glued = GLUED.search(lines[row]) if marker[0] == "`" else None
        if glued and lines[row][: glued.start()].strip():
            code, rest = lines[row][: glued.start()], glued["rest"]
            return _End(row, rest, code, "its end stands behind its last line of code")
    return short or _End(len(lines) - 1, flaw=UNCLOSED)


def _fence(
    lines: Sequence[str], first: int, opening: re.Match[str], end: _End
) -> Fence:
    is_open = end.flaw == UNCLOSED
    held = [*lines[first + 1 : end.row + is_open]]
    if end.glued is not None:
        held.append(end.glued)
    begun, info = _on_opening(opening["info"])
    actions, tail = markers.actions(end.rest)
    indent = len(opening["prefix"])
    return Fence(
        first + 1,
        end.row + 1,
        indent,
        info,
        "\n".join(dedented(line, indent) for line in held),
        [*actions, *begun],
        tail.strip(),
        end.flaw,
    )


def _on_opening(info: str) -> tuple[list[Action], str]:
    """Take markers off the first line of a fence, where some write them."""
    before, braces, rest = info.partition("{{")
    found, _ = markers.actions(braces + rest)
    return found, (before if found else info).strip()
