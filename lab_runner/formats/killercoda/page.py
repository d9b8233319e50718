"""A page of a scenario as part of a native lab: code to run becomes `bash` fences."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lab_runner.characters import control
from lab_runner.formats import commands
from lab_runner.formats.draft import Draft
from lab_runner.formats.foreign import prose
from lab_runner.formats.foreign.notes import Notes, Rule, named
from lab_runner.formats.foreign.page import shown
from lab_runner.formats.foreign.texts import Text
from lab_runner.formats.killercoda import blocks, inline
from lab_runner.formats.killercoda.blocks import Fence, Paragraph
from lab_runner.formats.killercoda.markers import LINK, Action
from lab_runner.formats.reading import Counts

FILE_BUTTON = re.compile(
    r"<pre\b[^<>]*\bdata-(?:filename|target)=[^<>]*>", re.IGNORECASE
)
KEY_NAMES = re.compile(r"\^[A-Z\[\]\\]\w{0,3}|ctrl ?[-+] ?\w", re.IGNORECASE)


def title(text: Text) -> str:
    """Return the first heading of a page; empty if it has none."""
    found = (
        prose.heading(block.lines[0])
        for block in blocks.split(text.content)
        if isinstance(block, Paragraph)
    )
    return next(filter(None, found), "")


def has_commands(text: Text) -> bool:
    """Tell whether there is anything to run on a page."""
    counts = Counts()
    Page(text, Draft(text.source(1)), Notes(), counts).write("")
    return counts.commands > 0


@dataclass(slots=True)
class Page:
    """Writes one page into a draft, block by block."""

    text: Text
    draft: Draft
    notes: Notes
    counts: Counts
    folds: prose.Folds = field(default_factory=prose.Folds)
    moved: int = 0
    """How far the code before was indented, and what follows it still is."""

    def write(self, title: str) -> None:
        """Write the page, without a first heading that only repeats `title`."""
        for nth, block in enumerate(blocks.split(self.text.content)):
            if isinstance(block, Fence):
                self._fence(block)
            elif nth or not prose.is_heading(block.lines[0], title):
                self._paragraph(block)
        self._close_folds()

    def _close_folds(self) -> None:
        last = self.text.content.count("\n") + 1
        for _ in range(self.folds.open):
            self._note("repaired", last, "a `<details>` is not closed", "Close it")
            self.draft.paragraph([("</details>", self.text.source(last))])

    def _paragraph(self, block: Paragraph) -> None:
        found = inline.read("\n".join(self._dedented(line) for line in block.lines))
        for row in found.stray:
            message = "no code stands before this marker"
            self._note("dropped", block.first + row, message, "Put it behind the code")
        self._look_for_buttons(found.text, block.first)
        text = self.folds.read(found.text)
        runs = [
            each
            for each in found.marked
            if self._is_run(each.actions, each.code, block.first + each.line)
        ]
        if not (runs and text.strip(" \t`") == runs[0].code):
            lines = enumerate(prose.lowered(text.split("\n")), block.first)
            self.draft.paragraph((line, self.text.source(n)) for n, line in lines)
        for each in runs:
            self._command(each.code, block.first + each.line)

    def _fence(self, block: Fence) -> None:
        self.moved = block.indent
        self._note_flaw(block)
        is_run = self._is_run(block.actions, block.text, block.last)
        if is_run and block.flaw != blocks.UNCLOSED:
            self._command(block.text, block.first)
        elif block.flaw != blocks.NO_BEGINNING:
            source = self.text.source(block.first)
            self.draft.fence(shown(block.info), block.text, source)
        if block.tail:
            self._paragraph(Paragraph(block.last, (block.tail,)))

    def _note_flaw(self, block: Fence) -> None:
        advice = "Write ``` on lines of their own around the code"
        if block.actions and not (block.text.strip() or block.flaw):
            message = "no code stands before this marker"
            self._note("dropped", block.first, message, "Put it behind the code")
        if block.flaw:
            is_lost = block.flaw in (blocks.NO_BEGINNING, blocks.UNCLOSED)
            rule: Rule = "dropped" if is_lost and block.actions else "repaired"
            self._note(rule, block.first, f"this code is broken: {block.flaw}", advice)
        if block.tail:
            message = f"{named(block.tail)} stands behind the end of this code"
            self._note("repaired", block.last, message, advice)

    def _is_run(self, actions: list[Action], code: str, line: int) -> bool:
        """Count what the markers behind a piece of code do; tell whether it is run."""
        is_run = False
        for action in actions:
            self._note_words(action, line)
            self.counts.copies += action.verb == "copy"
            if action.is_keys or (action.is_run and _is_keys(code)):
                self.counts.keystrokes += 1
                message = f"{named(code)} are key strokes and no command"
                self._note("dropped", line, message, "Say in words what to press")
            else:
                is_run |= action.is_run and bool(code.strip())
        return is_run

    def _note_words(self, action: Action, line: int) -> None:
        if action.is_misspelt:
            message = "this marker is misspelt"
            self._note("repaired", line, message, "Write `{{exec}}` or `{{copy}}`")
        if action.verb == "open":
            message = "there is no editor here that opens a file"
            self._note("changed", line, message, "Name the file in the text")
        if action.places:
            message = f"{' '.join(action.places)}: every command is for one shell here"
            self._note("changed", line, message, "Say in the text where to type it")
        if action.interrupts:
            message = "nothing is interrupted before this command"
            self._note("changed", line, message, "End what runs by a command")

    def _command(self, code: str, line: int) -> None:
        """Write what is to be run; in `<details>` it is the answer, or only a hint."""
        text = commands.text(code, is_console=False)
        if not text.strip():
            return
        self.counts.commands += 1
        if text != code.strip("\n").rstrip():
            message = "prompts and output are left out of this command"
            self._note("changed", line, message, "Write the command alone")
        role = self.folds.role
        source = self.text.source(line)
        self.draft.fence(f"bash {role}".rstrip(), text, source)

    def _look_for_buttons(self, text: str, first: int) -> None:
        for link in LINK.finditer(text):
            message = f"{named(link[0])} leads to a machine that is not there"
            line = first + text.count("\n", 0, link.start())
            self._note("changed", line, message, "Say how to reach it from the machine")
        for button in FILE_BUTTON.finditer(text):
            line = first + text.count("\n", 0, button.start())
            self.counts.copies += "clipboard" in button[0]
            message = "the button that writes this file is only shown"
            self._note("changed", line, message, "Write the file by a command")

    def _dedented(self, line: str) -> str:
        """Move what follows code in a list to the margin, as the code was."""
        indent = len(line) - len(line.lstrip(" \t"))
        self.moved = min(self.moved, indent)
        return line[self.moved :]

    def _note(self, rule: Rule, line: int, message: str, advice: str) -> None:
        self.notes.add(rule, self.text.source(line), message, advice)


def _is_keys(code: str) -> bool:
    return control(code) is not None or KEY_NAMES.fullmatch(code.strip()) is not None
