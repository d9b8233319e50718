"""Code within a paragraph, and the markers behind it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from lab_runner.formats.killercoda import markers
from lab_runner.formats.killercoda.markers import Action

RUN = re.compile(r"`+")
EMPHASIS = re.compile(r"[*_]{0,3}")
BARE = re.compile(
    r"[ \t]*\{\{[ \t]*(?:exec|execute|copy|open)\b[^{}\n]{0,80}\}\}", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Marked:
    """A piece of code with its actions; `line` is that of its end, from 0."""

    code: str
    actions: list[Action]
    line: int


@dataclass(frozen=True, slots=True)
class Inline:
    """A paragraph without its markers; `stray` are lines of markers without code."""

    text: str
    marked: list[Marked]
    stray: list[int]


def read(text: str) -> Inline:
    """Take the markers out of a paragraph; templates inside code stay as they are."""
    kept: list[str] = []
    marked: list[Marked] = []
    stray: list[int] = []
    at = 0
    for start, end, width in _spans(text):
        kept.append(_without_bare(text, at, start, stray))
        between = EMPHASIS.match(text, end)
        behind = between.end() if between else end
        actions, rest = markers.actions(text, behind)
        kept.append(text[start:behind])
        at = len(text) - len(rest)
        if actions:
            code = " ".join(text[start + width : end - width].split("\n")).strip()
            marked.append(Marked(code, actions, text.count("\n", 0, end)))
    kept.append(_without_bare(text, at, len(text), stray))
    return Inline("".join(kept), marked, stray)


def _without_bare(text: str, start: int, end: int, stray: list[int]) -> str:
    piece = text[start:end]
    places = (start + found.start() for found in BARE.finditer(piece))
    stray.extend(text.count("\n", 0, place) for place in places)
    return BARE.sub("", piece)


def _spans(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield start, end and width of the backticks of each piece of inline code."""
    runs = [found.span() for found in RUN.finditer(text)]
    starts = defaultdict(list)
    for start, end in runs:
        starts[end - start].append(start)
    past = 0
    for start, end in runs:
        width = end - start
        nth = bisect_right(starts[width], start)
        if start >= past and nth < len(starts[width]):
            past = starts[width][nth] + width
            yield start, past, width
