"""Prose of a page as it may stand within a step of a native lab."""

from __future__ import annotations

import re

HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*))?")
UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*")
WORDS = re.compile(r" {0,3}[^\s\-*+>|<#`~\d]")
FOLD = re.compile(r"<(/?)details\b[^<>]*>|<summary\b[^<>]*>([^<]*)", re.IGNORECASE)
TIP = re.compile(r"(<summary\b[^<>]*>[^<>\w]*)(tip)", re.IGNORECASE)
HINT = re.compile(r"\W*(?:hint|tip)", re.IGNORECASE)


def lowered(lines: list[str]) -> list[str]:
    """Put headings two levels lower: `##` begins a step of a native lab."""
    found: list[str] = []
    for line in lines:
        heading = HEADING.fullmatch(line)
        if heading:
            level = min(len(heading[1]) + 2, 6)
            found.append(f"{'#' * level} {heading[2] or ''}".rstrip())
        elif UNDERLINE.fullmatch(line) and found and WORDS.match(found[-1]):
            found[-1] = f"### {found[-1].strip()}"
        else:
            found.append(line)
    return found


def heading(line: str) -> str:
    """Return the text of a heading; empty for any other line."""
    found = HEADING.fullmatch(line)
    return (found[2] or "").rstrip("# ") if found else ""


def is_heading(line: str, title: str) -> bool:
    """Tell whether a line is a heading that says `title`."""
    found = heading(line)
    return bool(found) and found.lower() == title.lower()


class Folds:
    """Follows `<details>` down a page: which are open, and what each is called.

    `around` is the summary of one that the whole page is in.
    """

    def __init__(self, around: str = "") -> None:
        self._around = around
        self._summaries: list[str] = []

    @property
    def open(self) -> int:
        return len(self._summaries)

    @property
    def role(self) -> str:
        """Return what code to run is where we are: a hint only shows it."""
        if not self._around and not self._summaries:
            return ""
        outermost = self._around or self._summaries[0]
        return "skip" if HINT.match(outermost) else "solution"

    def read(self, text: str) -> str:
        """Follow a text; return it with tips called hints, which labrun folds away."""
        for tag in FOLD.finditer(text):
            if tag[2] is not None:
                self._name(tag[2])
            elif tag[1]:
                del self._summaries[-1:]
            else:
                self._summaries.append("")
        return TIP.sub(r"\1Hint: \2", text)

    def _name(self, summary: str) -> None:
        if self._summaries and not self._summaries[-1]:
            self._summaries[-1] = summary
