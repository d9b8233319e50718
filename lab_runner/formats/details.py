"""`<details>` in a lab file: hints, and what else is folded away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lab_runner.formats.markdown import Block, Document

TAG = re.compile(r"<!--|-->|<(/?)(details|summary)\b[^<>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Details:
    """A folded part: offsets in the text of its whole, and of what it folds away."""

    start: int
    end: int
    inner_start: int
    inner_end: int
    summary: str

    @property
    def is_hint(self) -> bool:
        return self.summary.lower().startswith("hint")


@dataclass(slots=True)
class _Open:
    start: int
    inner_start: int
    summary_start: int = 0
    summary: str = ""

    def take_summary(self, text: str, tag: re.Match[str]) -> None:
        """Keep the first summary, without tags and emphasis; what follows is folded."""
        if self.summary or not self.summary_start:
            return
        words = text[self.summary_start : tag.start()]
        self.summary = re.sub(r"<[^<>]*>|[*_`]", "", words).strip()
        self.inner_start, self.summary_start = tag.end(), 0

    def closed(self, tag: re.Match[str]) -> Details:
        return Details(
            self.start, tag.end(), self.inner_start, tag.start(), self.summary
        )


def find(document: Document) -> tuple[list[Details], list[int]]:
    """Return the closed parts, inner ones first, and the offsets of unclosed ones."""
    closed: list[Details] = []
    stack: list[_Open] = []
    for tag in _tags(document):
        is_closing, name = bool(tag[1]), tag[2].lower()
        if name == "details" and not is_closing:
            stack.append(_Open(tag.start(), tag.end()))
        elif stack and name == "details":
            closed.append(stack.pop().closed(tag))
        elif stack and not is_closing:
            stack[-1].summary_start = tag.end()
        elif stack:
            stack[-1].take_summary(document.text, tag)
    return closed, [each.start for each in stack]


def outermost(parts: Iterable[Details]) -> Iterator[Details]:
    """Yield the parts that lie in no other of them, in file order."""
    end = 0
    for part in sorted(parts, key=lambda each: each.start):
        if part.start >= end:
            end = part.end
            yield part


def folded_lines(document: Document, parts: Iterable[Details]) -> set[int]:
    """Return the numbers (from 0) of all lines that are folded away."""
    lines: set[int] = set()
    for part in outermost(parts):
        lines.update(range(document.row(part.start), document.row(part.end) + 1))
    return lines


def _tags(document: Document) -> Iterator[re.Match[str]]:
    """Yield the tags of all HTML blocks that are not commented out."""
    for block in document.html:
        is_comment = False
        for tag in TAG.finditer(document.text, *document.span(block)):
            if tag[2] is None:
                is_comment = tag[0] == "<!--"
            elif not is_comment:
                yield tag


def is_comment(document: Document, block: Block) -> bool:
    """Tell whether an HTML block is a comment and nothing else."""
    start, end = document.span(block)
    text = document.text[start:end].strip()
    return text.startswith("<!--") and text.find("-->") == len(text) - 3
