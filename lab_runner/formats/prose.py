"""What a learner reads of a lab: the Markdown without checks, answers and hints."""

from __future__ import annotations

import re
import textwrap
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from markdown_it.common.utils import normalizeReference

from lab_runner.formats.details import Details, folded_lines, is_comment, outermost
from lab_runner.formats.markdown import Block
from lab_runner.formats.page import Page
from lab_runner.formats.sections import Section

Span = tuple[int, int]
LABEL = re.compile(r"\[([^\[\]]+)\]")
BLANK_LINES = re.compile(r"(?:[ \t]*\n)*")


class Cuts:
    """Spans of a text that are left out, with the blank lines that follow them."""

    def __init__(self, text: str, spans: Iterable[Span]) -> None:
        self._text = text
        self._spans = sorted(
            (_line_start(text, start), _past_blanks(text, end)) for start, end in spans
        )

    def kept(self, start: int, end: int) -> Iterator[str]:
        """Yield what is left of the text from `start` to `end`."""
        at = start
        for cut_start, cut_end in self._spans[bisect_left(self._spans, (start,)) :]:
            if cut_start >= end:
                break
            yield self._text[at:cut_start]
            at = max(at, cut_end)
        yield self._text[at:end]


class Prose:
    """The text of a page without `hidden` blocks, comments and hints.

    `folded` are the numbers (from 0) of the lines inside `<details>`.
    """

    def __init__(
        self, page: Page, hidden: Iterable[Block], folds: Sequence[Details]
    ) -> None:
        self._page = page
        document = page.document
        self.folded = folded_lines(document, folds)
        comments = (block for block in document.html if is_comment(document, block))
        spans = [document.span(block) for block in (*hidden, *comments)]
        self._hidden = Cuts(document.text, spans)
        self._hints = list(outermost(part for part in folds if part.is_hint))
        self._hint_starts = [part.start for part in self._hints]
        emptied = (part for part in folds if not part.is_hint and self._is_bare(part))
        unread = [(part.start, part.end) for part in (*self._hints, *emptied)]
        self._unread = Cuts(document.text, [*spans, *unread])

    def body(self, section: Section) -> str:
        """Return what is to be read of a section."""
        text = self._filled(self._unread, *self._span(section))
        return "\n\n".join(filter(None, [text, self._definitions(section, text)]))

    def hints(self, section: Section) -> tuple[str, ...]:
        """Return what each hint of a section folds away, in order."""
        first, last = (bisect_left(self._hint_starts, at) for at in self._span(section))
        return tuple(self._hint(part) for part in self._hints[first:last])

    def _definitions(self, section: Section, text: str) -> str:
        """Return what links of a text lead to, where other sections define it."""
        known = self._page.document.links.get("references", {})
        wanted = {
            label: known.get(normalizeReference(label)) for label in LABEL.findall(text)
        }
        return "\n".join(
            f"[{label}]: <{found['href']}>"
            for label, found in wanted.items()
            if found and not section.first <= found["map"][0] < section.last
        )

    def _hint(self, part: Details) -> str:
        text = self._filled(self._hidden, part.inner_start, part.inner_end)
        return textwrap.dedent(text)

    def _span(self, section: Section) -> Span:
        starts = self._page.document.starts
        return starts[section.first], starts[section.last]

    def _filled(self, cuts: Cuts, start: int, end: int) -> str:
        kept = "".join(cuts.kept(start, end)).rstrip()
        return self._page.fill(kept[_past_blanks(kept, 0) :])

    def _is_bare(self, part: Details) -> bool:
        """Tell whether nothing is left to unfold once what is hidden is gone."""
        kept = self._hidden.kept(part.inner_start, part.inner_end)
        return not any(piece.strip() for piece in kept)


def _line_start(text: str, offset: int) -> int:
    """Return where the line begins if nothing stands before the offset on it."""
    start = text.rfind("\n", 0, offset) + 1
    return offset if text[start:offset].strip() else start


def _past_blanks(text: str, offset: int) -> int:
    blanks = BLANK_LINES.match(text, offset)
    return blanks.end() if blanks else offset
