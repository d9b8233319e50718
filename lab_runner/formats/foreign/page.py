"""A page of ordinary Markdown as part of a native lab."""

from __future__ import annotations

import re

from lab_runner.formats.draft import Draft
from lab_runner.formats.fences import HOMES, SHELLS
from lab_runner.formats.foreign import blocks, prose
from lab_runner.formats.foreign.blocks import Fence, Lines
from lab_runner.formats.foreign.notes import Notes
from lab_runner.formats.foreign.texts import Text
from lab_runner.formats.reading import Counts

LANGUAGE = re.compile(r"[\w.+#-]+")
SHOWN = re.compile(r"\bnocopy\b")
COPIED = re.compile(r"(?<![\w-])copy\b")


def title(text: Text) -> str:
    """Return the first heading of a page; empty if it has none."""
    found = (
        prose.heading(line)
        for block in blocks.split(text.content)
        if isinstance(block, Lines)
        for line in block.lines
    )
    return next(filter(None, found), "")


class Page:
    """Writes one page into a draft; code of a shell is for the learner to type.

    `machine` is where, empty for the first machine of the lab. `fold` is the summary of
    the `<details>` that the whole page is in.
    """

    def __init__(
        self,
        text: Text,
        draft: Draft,
        notes: Notes,
        counts: Counts,
        *,
        machine: str = "",
        fold: str = "",
    ) -> None:
        self._text = text
        self._draft = draft
        self._notes = notes
        self._counts = counts
        self._machine = f" machine={machine}" if machine else ""
        self._folds = prose.Folds(fold)

    def write(self, title: str) -> None:
        """Write the page, without a first heading that only repeats `title`."""
        for block in blocks.split(_without(title, self._text.content)):
            if isinstance(block, Fence):
                self._fence(block)
            else:
                self._prose(block)
        self._close_folds()

    def _prose(self, block: Lines) -> None:
        text = self._folds.read("\n".join(block.lines))
        lines = enumerate(prose.lowered(text.split("\n")), block.first)
        self._draft.paragraph((line, self._text.source(n)) for n, line in lines)

    def _fence(self, block: Fence) -> None:
        source = self._text.source(block.first)
        if not block.is_closed:
            message = "this code is broken: it is never closed"
            self._notes.add("repaired", source, message, "Write ``` below it")
        self._counts.copies += COPIED.search(block.info) is not None
        self._draft.fence(self._info(block), block.text, source)

    def _info(self, block: Fence) -> str:
        """Return the words of a fence, counting it if it is to be typed."""
        found = LANGUAGE.match(block.info)
        language = found[0].lower() if found else ""
        if language not in SHELLS:
            return shown(block.info)
        is_shown = SHOWN.search(block.info) or not block.is_closed
        role = "skip" if is_shown else self._folds.role
        self._counts.commands += not role and bool(block.text.strip())
        return f"{language} {role}".rstrip() + ("" if is_shown else self._machine)

    def _close_folds(self) -> None:
        last = self._text.source(self._text.content.count("\n") + 1)
        for _ in range(self._folds.open):
            self._notes.add("repaired", last, "a `<details>` is not closed", "Close it")
            self._draft.paragraph([("</details>", last)])


def shown(info: str) -> str:
    """Return the words of a fence that is only shown."""
    found = LANGUAGE.match(info)
    language = found[0] if found else ""
    if language.lower() in SHELLS:
        return f"{language.lower()} skip"
    return "text" if language.lower() in HOMES else language


def _without(title: str, text: str) -> str:
    """Blank the first line that says anything if it is a heading that says `title`."""
    body = text.lstrip()
    line = body.partition("\n")[0]
    if not prose.is_heading(line, title):
        return text
    blank = text[: len(text) - len(body)]
    return blank + body[len(line) :]
