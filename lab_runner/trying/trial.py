"""One trial: a text's commands typed on fresh machines, and what that changed."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from checks.snapshot import take
from checks.snapshot.model import Change, Part, Snapshot, diff
from checks.verdict import Status
from lab_runner import engine, taking
from lab_runner.engine import DoorOf
from lab_runner.errors import LabrunError
from lab_runner.machines import written
from lab_runner.model import Lab, Step, Task
from lab_runner.proving.typed import Typed
from lab_runner.replay import Replay
from lab_runner.result import Failure
from lab_runner.trying.noise import is_noise


@dataclass(frozen=True, slots=True)
class Tried:
    """A step as one trial found it; `stopped` tells why it was not done to its end.

    `seen` are the summaries of the tasks, and `holding` the ids of those that held.
    `changes` are those of each machine.
    """

    step: Step
    failures: tuple[Failure, ...] = ()
    seen: Mapping[str, str] = field(default_factory=dict)
    holding: frozenset[str] = frozenset()
    changes: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)
    stopped: str = ""


class Trial:
    """Tries the steps of a lab one after another on machines of its own."""

    def __init__(self, lab: Lab, door_of: DoorOf, shells: Replay) -> None:
        self._door_of = door_of
        self._shells = shells
        self._names = list(lab.machines) or [""]
        self._known = {name: _look(door_of, name) for name in self._names}

    def step(self, step: Step) -> Tried:
        """Do a step and look at what it left."""
        start = time.time()
        try:
            taking.set_up(step, self._door_of)
            failures = tuple(self._shells.take(step))
        except LabrunError as error:
            return Tried(step, stopped=error.message)
        seen, holding = self.judge(step.tasks, start)
        changes = {name: tuple(self._changes(name)) for name in self._names}
        return Tried(step, failures, seen, holding, changes)

    def judge(
        self, tasks: tuple[Task, ...], start: float
    ) -> tuple[dict[str, str], frozenset[str]]:
        """Return what checks say of tasks, and which of them hold."""
        doors = Typed.doors(self._shells, self._door_of, start)
        results = engine.run(tasks, doors)
        held = (r.task.id for r in results if r.verdict.status is Status.PASSED)
        return {r.task.id: r.verdict.summary for r in results}, frozenset(held)

    def _changes(self, name: str) -> Iterator[Change]:
        before, self._known[name] = self._known[name], _look(self._door_of, name)
        after = self._known[name]
        parts: dict[str, Part] = {part: {} for part in after.parts}
        # What can be seen for the first time was not there: its daemon was not.
        found = diff(Snapshot(parts | dict(before.parts), {}), after)
        asked = self._asked_for(name) if _has_packages(found) else set()
        for change in found:
            is_dependency = change.part == "packages" and _package(change) not in asked
            if not (is_noise(change) or (is_dependency and change.after)):
                yield change

    def _asked_for(self, name: str) -> set[str]:
        """Return the packages that somebody asked for, rather than another package."""
        return set(self._door_of(name).run(["apt-mark", "showmanual"]).stdout.split())


def _has_packages(changes: Sequence[Change]) -> bool:
    return any(change.part == "packages" for change in changes)


def _package(change: Change) -> str:
    return change.name.partition(":")[0]


def _look(door_of: DoorOf, name: str) -> Snapshot:
    door = door_of(name)
    found = take.take(door)
    files = written.files(door.name)
    return replace(found, parts={**found.parts, **({"files": files} if files else {})})
