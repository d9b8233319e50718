"""Tabs that are for other systems than Linux, as several site generators write them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

ELSEWHERE = re.compile(
    r"\b(?:windows|powershell|mac ?os(?: ?x)?|os x)\b", re.IGNORECASE
)
HERE = re.compile(r"\b(?:linux|ubuntu|debian|wsl2?)\b", re.IGNORECASE)
OPENING = re.compile(
    r"[ \t]*(?:===!?\+?[ \t]+|<(?:TabItem|Tab)\b|\{%-?[ \t]*tab\b|\{\{[<%][ \t]*tab\b)(.*)"
)
CLOSING = re.compile(
    r"[ \t]*(?:</(?:TabItem|Tab)>|\{%-?[ \t]*endtab\b|\{\{[<%][ \t]*/[ \t]*tab\b)"
)


def is_foreign(title: str) -> bool:
    """Tell whether a title speaks of other systems and not of Linux."""
    return bool(ELSEWHERE.search(title)) and not HERE.search(title)


def foreign_rows(lines: Sequence[str]) -> frozenset[int]:
    """Return the numbers, from 0, of the lines in tabs for other systems."""
    return frozenset(_rows(lines))


def _rows(lines: Sequence[str]) -> Iterator[int]:
    is_inside = is_by_indent = False
    for row, line in enumerate(lines):
        opening = OPENING.match(line)
        if opening:
            is_inside = is_foreign(opening[1])
            is_by_indent = "===" in line
        elif CLOSING.match(line) or (is_by_indent and line[:1].strip()):
            is_inside = False
        if is_inside:
            yield row
