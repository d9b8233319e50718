"""A page of a workshop as part of a native lab: what can be clicked is to be typed."""

from __future__ import annotations

import re

from lab_runner.formats.draft import Draft
from lab_runner.formats.educates import action as actions
from lab_runner.formats.educates import editing
from lab_runner.formats.educates.action import Action
from lab_runner.formats.educates.editing import Editor
from lab_runner.formats.educates.examiner import Examiner
from lab_runner.formats.foreign.blocks import Fence
from lab_runner.formats.foreign.headings import plain
from lab_runner.formats.foreign.notes import Notes, Rule, named
from lab_runner.formats.foreign.page import Page, shown
from lab_runner.formats.foreign.texts import Text
from lab_runner.formats.foreign.values import text
from lab_runner.formats.reading import Counts

FOLDED = re.compile(r"\W*(?:hint|tip|solution|answer)", re.IGNORECASE)


class WorkshopPage(Page):
    """Writes one page into a draft; code without an action is only shown."""

    def __init__(
        self,
        text: Text,
        draft: Draft,
        notes: Notes,
        counts: Counts,
        examiner: Examiner,
        *,
        folder: str = "",
    ) -> None:
        super().__init__(text, draft, notes, counts)
        self._examiner = examiner
        self._editor = Editor()
        self._start = f"cd {folder}" if folder else ""
        self._sections: list[str] = []

    def _fence(self, block: Fence) -> None:
        action = actions.read(block, self._text, self._notes)
        source = self._text.source(block.first)
        if not block.is_closed:
            message = "this code is broken: it is never closed"
            self._notes.add("repaired", source, message, "Write ``` below it")
        if action is None or not block.is_closed:
            self._draft.fence(shown(block.info), block.text, source)
            return
        groups = {
            "terminal": self._terminal,
            "workshop": self._copy,
            "editor": self._edit,
            "files": self._file,
            "dashboard": self._dashboard,
            "section": self._section,
            "examiner": self._examine,
        }
        groups.get(action.group, self._unknown)(action)

    def _terminal(self, action: Action) -> None:
        verb = action.verb.removesuffix("-all")
        command = action.text("command")
        if verb == "execute" and command:
            self._note_session(action)
            self._command(action, command)
        elif verb in ("input", "interrupt", "clear"):
            self._keys(action, verb)
        elif verb != "select":
            self._unknown(action)

    def _note_session(self, action: Action) -> None:
        session = action.text("session") or "1"
        if session != "1" or action.verb.endswith("-all"):
            message = (
                "this is for another terminal: every command is for one shell here"
            )
            self._note("changed", action, message, "Say in the text where to type it")

    def _command(self, action: Action, command: str) -> None:
        """Write a command to type; the first is typed where the terminals begin."""
        self._counts.commands += 1
        role = self._folds.role
        if self._start and not role:
            command, self._start = f"{self._start}\n{command}", ""
        self._draft.fence(f"bash {role}".rstrip(), command, action.source)

    def _keys(self, action: Action, verb: str) -> None:
        self._counts.keystrokes += 1
        if verb == "clear":
            return
        keys = "^C" if verb == "interrupt" else action.text("text")
        message = f"{named(keys)} are key strokes and no command"
        self._note("dropped", action, message, "Say in words what to press")
        self._draft.fence("text", keys, action.source)

    def _copy(self, action: Action) -> None:
        if action.verb not in ("copy", "copy-and-edit"):
            self._unknown(action)
            return
        self._counts.copies += 1
        self._draft.fence("text", action.text("text"), action.source)

    def _edit(self, action: Action) -> None:
        command = self._editor.command(action)
        if command:
            self._command(action, command)
        elif action.verb in editing.LOOKING + editing.SELECTING:
            self._say(f"Look at {_code(action.text('file'))}.", action)
        else:
            message = f"no command surely does what {named(action.name)} does"
            self._note("dropped", action, message, "Write a command that does it")
            self._say(f"Edit {_code(action.text('file'))}.", action)

    def _file(self, action: Action) -> None:
        self._counts.copies += action.verb == "copy-file"
        message = f"there is no browser here for {named(action.name)}"
        self._note("dropped", action, message, "Say where the file is")

    def _dashboard(self, action: Action) -> None:
        if action.verb == "open-url" and action.text("url"):
            self._say(f"Open {_code(action.text('url'))}.", action)

    def _section(self, action: Action) -> None:
        """Fold hints and solutions away; other sections only have a heading."""
        title = plain(text(action.values, "title"))
        if action.verb == "end":
            self._end_section(action)
            return
        is_folded = action.verb == "begin" and FOLDED.match(title) is not None
        line = f"### {title}" if title else ""
        if is_folded:
            line = f"<details><summary>{title}</summary>"
        self._say(self._folds.read(line) if is_folded else line, action)
        if action.verb == "begin":
            self._sections.append("</details>" if is_folded else "")

    def _end_section(self, action: Action) -> None:
        if not self._sections:
            message = "no section begins before this end"
            self._note("repaired", action, message, "Leave it out")
        elif end := self._sections.pop():
            self._say(self._folds.read(end), action)

    def _examine(self, action: Action) -> None:
        if action.verb != "execute-test":
            self._unknown(action)
        elif self._folds.role:
            message = "this test stands in a hint or a solution"
            self._note("dropped", action, message, "Put it below")
        else:
            self._examiner.check(action)

    def _unknown(self, action: Action) -> None:
        message = f"nothing here does what {named(action.name)} does"
        self._note("dropped", action, message, "Say in words what to do")

    def _say(self, line: str, action: Action) -> None:
        if line:
            self._draft.paragraph([(line, action.source)])

    def _note(self, rule: Rule, action: Action, message: str, advice: str) -> None:
        self._notes.add(rule, action.source, message, advice)


def _code(words: str) -> str:
    """Return a text as inline code."""
    return f"`{' '.join(words.replace('`', '').split())}`"
