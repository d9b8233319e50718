"""Tasks of the front matter: what is run, when, where, as whom and after what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lab_runner.formats.foreign.documents import Document
from lab_runner.formats.foreign.texts import Text
from lab_runner.formats.foreign.values import listed, mapping, text

SECONDS, MOST = 60, 600
NAME = re.compile(r"[\w-]{1,80}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Task:
    """A task; `line` is where it is written, `seconds` what a script of it may take."""

    name: str
    line: int
    is_init: bool
    is_helper: bool
    machine: str
    user: str
    needs: Sequence[str]
    env: Sequence[str]
    seconds: int
    scripts: Mapping[str, Text]

    def script(self, key: str) -> Text | None:
        """Return `run`, `hintcheck` or `failcheck`, if the task has it."""
        return self.scripts.get(key)


def read(page: Document) -> dict[str, Task]:
    """Return the tasks by name, those for the start in the order of their needs."""
    found = mapping(page.values.get("tasks"))
    tasks = {
        str(name): _task(str(name), mapping(values), page)
        for name, values in found.items()
        if NAME.fullmatch(str(name))
    }
    return {name: tasks[name] for name in _ordered(tasks)}


def _ordered(tasks: Mapping[str, Task]) -> Iterator[str]:
    """Yield all names, what is needed first; who waits in a circle comes last."""
    waiting = dict(tasks)
    while waiting:
        ready = [n for n, t in waiting.items() if not set(t.needs) & set(waiting)]
        for name in ready or list(waiting):
            yield name
            del waiting[name]


def _task(name: str, values: Mapping[str, Any], page: Document) -> Task:
    line = _line(page.text.content, rf"[ \t]+[\"']?{re.escape(name)}[\"']?:", 0)
    seconds = values.get("timeout_seconds")
    is_number = isinstance(seconds, int) and 0 < seconds <= MOST
    return Task(
        name,
        line,
        values.get("init") is True,
        values.get("helper") is True,
        text(values, "machine"),
        text(values, "user") or "root",
        [str(each) for each in listed(values.get("needs"))],
        [str(each) for each in listed(values.get("env"))],
        seconds if isinstance(seconds, int) and is_number else SECONDS,
        {
            key: _script(key, str(values[key]), line, page)
            for key in ("run", "hintcheck", "failcheck")
            if isinstance(values.get(key), str) and str(values[key]).strip()
        },
    )


def _script(key: str, script: str, line: int, page: Document) -> Text:
    """Return a script with the lines it has in the page."""
    at = _line(page.text.content, rf"[ \t]+{key}:", line - 1)
    return Text(page.text.path, "\n" * (at - 1) + script.rstrip("\n"))


def _line(content: str, pattern: str, row: int) -> int:
    """Return the number of the first line from a row on that begins with a pattern."""
    lines = content.split("\n")
    begins = re.compile(pattern)
    rows = range(row, len(lines))
    return next((n for n in rows if begins.match(lines[n])), row) + 1
