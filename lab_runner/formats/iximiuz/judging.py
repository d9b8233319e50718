"""Tasks as scripts of a shell: what prepares a machine, and what judges it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping

from lab_runner.formats.foreign import scripts
from lab_runner.formats.foreign.notes import Notes, named
from lab_runner.formats.foreign.texts import Text
from lab_runner.formats.iximiuz import helpers
from lab_runner.formats.iximiuz.tasks import Task

KEPT = "/opt/iximiuz-labs/tasks"
NEEDED = re.compile(r"x\(\s*\.needs\.([\w-]+)\.(stdout|stderr)\s*\)")
INPUT = re.compile(r"x\(\s*\.input\s*\)")
LOST = "This cannot be reached any more: begin again with labrun reset"


class Judging:
    """Writes the scripts of tasks; `answers` are files in which learners answer."""

    def __init__(
        self, tasks: Mapping[str, Task], answers: Mapping[str, str], notes: Notes
    ) -> None:
        self._tasks = tasks
        self._answers = answers
        self._notes = notes

    def preparation(self, task: Task) -> str:
        """Return what to run before the lab; what it prints is kept for other tasks."""
        run = self._script(task, "run")
        if run is None:
            return ""
        kept = f"mkdir -p {KEPT}\nexec >{KEPT}/{task.name}.stdout"
        opening = f"{kept} 2>{KEPT}/{task.name}.stderr\n{self._before(task, run)}"
        return scripts.preparation(run, self._notes, opening)

    def verdict(self, task: Task) -> str:
        """Return what judges a task: its hint is the last that it prints."""
        run = self._script(task, "run")
        if run is None or scripts.is_unusable(run, self._notes):
            return ""
        scripts.note_what_it_proves(run, self._notes)
        parts = ["cd ~"]
        if lost := self._script(task, "failcheck"):
            parts += [self._bash(task, lost, f"|| {{ echo {LOST!r} >&2; exit 1; }}")]
        hint = self._script(task, "hintcheck")
        parts += [self._bash(task, run, "&& exit 0" if hint else "")]
        if hint:
            parts += [self._bash(task, hint, ">&2"), "exit 1"]
        return "\n".join(parts)

    def _bash(self, task: Task, script: Text, more: str) -> str:
        text = self._before(task, script) + script.content.strip("\n")
        return scripts.fed("bash", text, more)

    def _script(self, task: Task, key: str) -> Text | None:
        found = task.script(key)
        return found and Text(found.path, self._filled(task, found.content))

    def _before(self, task: Task, script: Text) -> str:
        """Return what a script needs before it: its environment and functions."""
        pairs = (each.partition("=") for each in task.env if "=" in each)
        exports = [f"export {key}={self._value(task, v)}\n" for key, _, v in pairs]
        return "".join(exports) + helpers.preamble(script, self._notes)

    def _value(self, task: Task, value: str) -> str:
        filled = self._filled(task, value)
        return shlex.quote(value) if filled == value else f'"{filled}"'

    def _filled(self, task: Task, text: str) -> str:
        """Put commands in place of templates such as `x(.needs.other.stdout)`."""
        answer = self._answers.get(task.name, f"{KEPT}/{task.name}.input")
        text = INPUT.sub(f"$(cat {answer})", text)
        return NEEDED.sub(lambda found: self._output(task, found[1], found[2]), text)

    def _output(self, task: Task, name: str, stream: str) -> str:
        other = self._tasks.get(name)
        if other is None or not other.is_init:
            place = next(iter(task.scripts.values())).path
            message = f"what {named(name)} prints is kept for no other task"
            source = Text(place, "").source(task.line)
            self._notes.add("dropped", source, message, "Find it out in this task")
        return f"$(cat {KEPT}/{name}.{stream})"
