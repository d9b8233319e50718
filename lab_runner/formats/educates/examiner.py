"""Tests of the examiner as checks."""

from __future__ import annotations

import json
import math
import os
import shlex
from collections.abc import Mapping

from lab_runner.formats.draft import Draft
from lab_runner.formats.educates.action import Action
from lab_runner.formats.foreign import scripts
from lab_runner.formats.foreign.headings import plain
from lab_runner.formats.foreign.notes import Notes, named
from lab_runner.formats.foreign.texts import Texts
from lab_runner.formats.foreign.values import listed, mapping, text
from lab_runner.formats.slugs import Ids, slug

TESTS = "workshop/examiner/tests"
SECONDS, MOST, LONGEST_WAIT = 15, 600, 300
INPUTS = "~/inputs"


class Examiner:
    """Writes the check of each test that a page runs."""

    def __init__(self, texts: Texts, draft: Draft, notes: Notes) -> None:
        self._texts = texts
        self._draft = draft
        self._notes = notes
        self._titles = Ids()

    def check(self, action: Action) -> None:
        """Write the check, after the form of a test that asks for something."""
        if action.values.get("url"):
            message = "a service that is not here runs this test"
            self._notes.add("dropped", action.source, message, "Write a script for it")
            return
        answers = self._form(action)
        script = self._script(action, answers)
        if not script:
            return
        name = action.text("name")
        title = plain(text(action.values, "title")) or slug(name).replace("-", " ")
        entry = {
            "shell": script,
            "name": self._titles.unique(title or "test"),
            "hint": text(action.values, "description"),
            "timeout": f"{self._seconds(action):g}s",
            "within": f"{_wait(action.values):g}s" if _wait(action.values) else "",
        }
        self._draft.check({k: v for k, v in entry.items() if v}, action.source)

    def _script(self, action: Action, answers: str) -> str:
        name = f"{TESTS}/{action.text('name')}"
        found = self._texts.read(name, action.source)
        if found is None:
            return ""
        path = self._texts.path(name)
        if path and not os.access(path, os.X_OK):
            message = f"the test {named(action.text('name'))} is not executable"
            self._notes.add("repaired", found.source(1), message, "chmod +x it")
        more = [shlex.quote(str(each)) for each in listed(action.values.get("args"))]
        if answers:
            more.append(f"<{answers}")
        return scripts.verification(found, self._notes, more=" ".join(more))

    def _form(self, action: Action) -> str:
        """Write a command in place of a form; return the file of its answers."""
        schema = mapping(mapping(action.values.get("inputs")).get("schema"))
        if not schema:
            return ""
        file = f"{INPUTS}/{slug(action.text('name')) or 'test'}.json"
        message = f"the form of this test is the file {named(file)} here"
        self._notes.add("changed", action.source, message, "Say what to write into it")
        answers = {str(k): text(mapping(v), "default") for k, v in schema.items()}
        answered = json.dumps(answers, indent=2, ensure_ascii=False)
        line = f"Write your answers into `{file}`:"
        self._draft.paragraph([(line, action.source)])
        command = f"mkdir -p {INPUTS}\ncat >{file} <<'EOF'\n{answered}\nEOF"
        self._draft.fence("bash", command, action.source)
        return file

    def _seconds(self, action: Action) -> float:
        found = _number(action.values, "timeout")
        if found > MOST:
            message = f"a check has {MOST} seconds at most"
            self._notes.add("changed", action.source, message, "Let it be quicker")
        return min(max(found, 1), MOST) if found else SECONDS


def _wait(values: Mapping[str, object]) -> float:
    """Return for how long a test is repeated; one that goes on for ever needs no wait.

    It is asked again whenever the learner asks.
    """
    retries, delay = _number(values, "retries"), _number(values, "delay")
    if math.isinf(retries):
        return 0
    return min(retries * max(delay, 1), LONGEST_WAIT)


def _number(values: Mapping[str, object], key: str) -> float:
    """Return a number that is no less than 0, `.INF` as well; 0 where there is none."""
    found = values.get(key)
    if not isinstance(found, int | float) or found != found:  # noqa: PLR0124  (NaN)
        return 0
    return float(min(max(found, 0), MOST * 10)) if found != math.inf else math.inf
