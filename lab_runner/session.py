"""A session: one learner, one lab, one machine, and the journal that remembers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from checks.verdict import Status, Verdict
from lab_runner import course, engine
from lab_runner.engine import Door, TaskResult
from lab_runner.errors import LabrunError, UsageError
from lab_runner.formats import cache
from lab_runner.journal import Event, EventKind, Journal
from lab_runner.model import Lab, Step, Task
from lab_runner.progress import KINDS, Progress, due, fold

FACTS_LIMIT = 16 << 10
SETUP_SECONDS = 300.0
Heard = Callable[[TaskResult], None]


class Session:
    """A lab as one learner takes it; opens the door to its machine when first asked."""

    def __init__(
        self, journal: Journal, lab: Lab, key: str, progress: Progress
    ) -> None:
        self.journal = journal
        self.lab = lab
        self.key = key
        self.progress = progress

    @cached_property
    def door(self) -> Door:
        return open_door(self.progress.machine)

    @property
    def on_lab_machine(self) -> bool:
        return self.progress.machine != "local"

    def step(self, wanted: str | None) -> Step:
        """Return a step by its number or id; None is the current one, or the last."""
        if wanted is None:
            return self.progress.current(self.lab) or self.lab.steps[-1]
        if wanted.isdigit() and 1 <= int(wanted) <= len(self.lab.steps):
            return self.lab.steps[int(wanted) - 1]
        try:
            return self.lab.step(wanted)
        except KeyError:
            raise UsageError(
                f"lab `{self.lab.id}` has no step `{wanted}`",
                "`labrun status` lists the steps",
            ) from None

    def number(self, step: Step) -> int:
        return self.lab.steps.index(step) + 1

    def record(self, events: Iterable[Event]) -> None:
        """Write events and take them into the progress at hand."""
        written = list(events)
        if written:
            self.journal.append(written)
            self.progress = fold(self.journal.events(self.key, KINDS))

    def event(
        self, kind: EventKind, step: str = "", task: str = "", **data: object
    ) -> Event:
        return Event(kind, self.key, self.lab.digest, step, task, data)

    def close(self) -> None:
        if "door" in self.__dict__:
            self.door.close()


def open_door(machine: str) -> Door:
    """Return the door to `local` or to a lab machine; raises MachineError."""
    if machine == "local":
        from checks.doors.machine import Local  # noqa: PLC0415  (keeps reading fast)

        return Local()
    from lab_runner.machines import nspawn  # noqa: PLC0415  (as above)

    return nspawn.find(machine)


def start(journal: Journal, wanted: str, machine: str) -> Session:
    """Begin or go on with a lab, given by id or path, on a machine."""
    path = course.locate(wanted)
    open_door(machine).close()
    lab = cache.load(path, journal.seed(), _cache_folder(journal))
    session = Session(journal, lab, key_of(lab, path), Progress())
    where = str(path.absolute())
    session.record([session.event("started", path=where, machine=machine)])
    return session


def current(journal: Journal, wanted: str | None = None) -> Session:
    """Return the lab last started, or the started lab that is asked for."""
    started = {
        event.lab: event
        for event in journal.latest(("started", "stopped"))
        if event.kind == "started"
    }
    for key, event in started.items():
        if wanted is None or wanted in (key, key.partition("@")[0]):
            return _resume(journal, key, Path(event.data["path"]))
    if wanted:
        raise UsageError(
            f"lab `{wanted}` has not been started", f"`labrun start {wanted}`"
        )
    raise UsageError("no lab has been started", "`labrun list` shows what there is")


def key_of(lab: Lab, path: Path) -> str:
    """Return what progress is kept under: files of the same name stay apart."""
    if path.absolute().is_relative_to(course.labs_root().absolute()):
        return lab.id
    where = hashlib.sha256(str(path.absolute()).encode()).hexdigest()
    return f"{lab.id}@{where[:8]}"


def _resume(journal: Journal, key: str, path: Path) -> Session:
    if not path.exists():
        raise LabrunError(
            f"lab `{key}` was started from `{path}`, which is no longer there",
            "start it from where it is now: `labrun start PATH`",
        )
    progress = fold(journal.events(key, KINDS))
    lab = cache.load(path, journal.seed(), _cache_folder(journal))
    return Session(journal, lab, key, progress)


def _cache_folder(journal: Journal) -> Path:
    return journal.path.parent / "cache"


@dataclass(frozen=True, slots=True)
class Advance:
    """What `next` found: the step it checked, and where the learner stands now.

    `results` has one entry a task of the step; `broken` are tasks of any step that had
    to stay true and did not.
    """

    step: Step | None
    results: tuple[TaskResult, ...]
    broken: tuple[TaskResult, ...]
    following: Step | None
    moved: bool


def advance(session: Session, heard: Heard = lambda _: None) -> Advance:
    """Check the current step, tick what holds, move on when all of it holds."""
    step = session.progress.current(session.lab)
    results = _check_unticked(session, step, heard) if step else []
    broken = _check_held(session, step)
    if step and not due(step) and not step.questions and not broken:
        session.record([session.event("read", step.id)])
    following = session.progress.current(session.lab)
    moved = following is not step and not broken
    if moved and following:
        prepare(session, following)
    return Advance(step, tuple(results), tuple(broken), following, moved)


def check(
    session: Session, steps: Iterable[Step], heard: Heard = lambda _: None
) -> list[tuple[Step, list[TaskResult]]]:
    """Run every task of the steps anew and record what was seen."""
    found = []
    for step in steps:
        results = engine.run(step.tasks, session.door, heard)
        session.record(_events(session, step, results))
        found.append((step, results))
    return found


def prepare(session: Session, step: Step) -> None:
    """Run a step's set-up on a lab machine, once; never on the learner's own."""
    if not step.setup or not session.on_lab_machine:
        return
    if step.id in session.progress.prepared:
        return
    for command in step.setup:
        argv = ["bash", "-e", "-c", command.text]
        result = session.door.run(argv, timeout=SETUP_SECONDS)
        if result.exit != 0:
            last = (result.stderr or result.stdout).strip().splitlines()[-1:]
            raise LabrunError(
                f"the set-up of step `{step.id}` ({command.source}) ended with exit"
                f" code {result.exit}: {''.join(last)}",
                "`labrun reset` begins again on a fresh machine",
            )
    session.record([session.event("setup", step.id)])


def _check_unticked(session: Session, step: Step, heard: Heard) -> list[TaskResult]:
    """Check what is not ticked yet; a ticked task keeps the verdict it was won with."""
    waiting = [task for task in due(step) if not session.progress.has(step, task)]
    fresh = {r.task.id: r for r in engine.run(waiting, session.door, heard)}
    kept = {
        task.id: _remembered(session, step, task)
        for task in due(step)
        if task.id not in fresh
    }
    session.record(_events(session, step, fresh.values()))
    return [(fresh | kept)[task.id] for task in due(step)]


def _check_held(session: Session, current_step: Step | None) -> list[TaskResult]:
    """Check again what must stay true; return what no longer does."""
    broken = []
    for step in session.lab.steps:
        held = [
            task
            for task in step.tasks
            if task.mode == "hold" and session.progress.has(step, task)
        ]
        results = engine.run(held, session.door) if held else []
        session.record(_held_events(session, step, results, current_step))
        broken += [r for r in results if r.verdict.status is not Status.PASSED]
    return broken


def _events(session: Session, step: Step, results: Iterable[TaskResult]) -> list[Event]:
    events = []
    for result in results:
        data = _data(result)
        events.append(session.event("checked", step.id, result.task.id, **data))
        if result.verdict.status is Status.PASSED and not session.progress.has(
            step, result.task
        ):
            events.append(session.event("passed", step.id, result.task.id, **data))
    return events


def _held_events(
    session: Session, step: Step, results: Iterable[TaskResult], during: Step | None
) -> list[Event]:
    events = []
    for result in results:
        task, data = result.task, _data(result)
        was_broken = session.progress.is_broken(step, task)
        holds = result.verdict.status is Status.PASSED
        if holds and was_broken:
            events.append(session.event("passed", step.id, task.id, **data))
        if result.verdict.status is Status.FAILED and not was_broken:
            at = during.id if during else ""
            events.append(session.event("broken", step.id, task.id, **data, during=at))
    return events


def _remembered(session: Session, step: Step, task: Task) -> TaskResult:
    tick = session.progress.ticks[step.id, task.id]
    summary = tick.data.get("summary", "")
    return TaskResult(task, Verdict(Status.PASSED, summary), 0.0)


def _data(result: TaskResult) -> dict[str, object]:
    verdict = result.verdict
    facts = dict(verdict.facts)
    if len(json.dumps(facts, default=str)) > FACTS_LIMIT:
        facts = {"left_out": "larger than is kept"}
    return {
        "task_digest": result.task.digest,
        "status": verdict.status.value,
        "summary": verdict.summary,
        "expected": verdict.expected,
        "actual": verdict.actual,
        "hint": verdict.hint,
        "facts": facts,
        "seconds": round(result.seconds, 4),
    }
