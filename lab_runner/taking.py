"""Taking a step: what is checked, what is ticked, and what is remembered of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

from checks.verdict import Status, Verdict
from lab_runner import engine
from lab_runner.engine import DoorOf
from lab_runner.errors import LabrunError
from lab_runner.journal import Event
from lab_runner.model import Lab, Step, Task
from lab_runner.progress import due
from lab_runner.result import TaskResult
from lab_runner.session import Session

RECALLED = 3
SETUP_SECONDS = 300.0
Heard = Callable[[TaskResult], None]


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
    if step and step.id not in session.progress.shown:
        # What was mended or checked by other commands has led on to a step unseen.
        step = None
    results = _check_unticked(session, step, heard) if step else []
    broken = _check_held(session, step)
    if step and not due(step) and not step.questions and not broken:
        session.record([session.event("read", step.id)])
    following = session.progress.current(session.lab)
    moved = following is not step and not broken
    if moved and following:
        prepare(session, following)
        session.shown(following)
    return Advance(step, tuple(results), tuple(broken), following, moved)


def check(
    session: Session,
    steps: Iterable[Step],
    heard: Heard = lambda _: None,
    *,
    at_end: bool = False,
) -> list[tuple[Step, list[TaskResult]]]:
    """Run the tasks of the steps anew and record what was seen.

    Those of mode `at-submit` are among them `at_end`.
    """
    found: list[tuple[Step, list[TaskResult]]] = []
    seen: dict[str, Status] = {}
    for step in steps:
        tasks = step.tasks if at_end else due(step)
        results = _run(session, step, tasks, seen, heard)
        session.record(_events(session, step, results))
        found.append((step, results))
    return found


def prepare(session: Session, step: Step) -> None:
    """Run a step's set-up on a lab machine, once; never on the learner's own."""
    if not step.setup or not session.on_lab_machine:
        return
    if step.id in session.progress.prepared:
        return
    set_up(step, session.door_of)
    session.record([session.event("setup", step.id)])


def set_up(step: Step, door_of: DoorOf) -> None:
    """Run a step's set-up on the machines it names; raises LabrunError if it fails."""
    for command in step.setup:
        argv = ["bash", "-e", "-c", command.text]
        result = door_of(command.machine).run(argv, timeout=SETUP_SECONDS)
        if result.exit != 0:
            last = (result.stderr or result.stdout).strip().splitlines()[-1:]
            raise LabrunError(
                f"the set-up of step `{step.id}` ({command.source}) ended with exit"
                f" code {result.exit}: {''.join(last)}",
                "`labrun reset` begins again on a fresh machine",
            )


def _check_unticked(session: Session, step: Step, heard: Heard) -> list[TaskResult]:
    """Check what is not ticked yet; a ticked task keeps the verdict it was won with."""
    waiting = [task for task in due(step) if not session.progress.has(step, task)]
    results = _run(session, step, waiting, {}, heard)
    fresh = {result.task.id: result for result in results}
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
    seen: dict[str, Status] = {}
    for step in session.lab.steps:
        held = [
            task
            for task in step.tasks
            if task.mode == "hold" and session.progress.has(step, task)
        ]
        results = _run(session, step, held, seen) if held else []
        session.record(_held_events(session, step, results, current_step))
        broken += [r for r in results if r.verdict.status is not Status.PASSED]
    return broken


def _run(
    session: Session,
    step: Step,
    tasks: Iterable[Task],
    seen: dict[str, Status],
    heard: Heard = lambda _: None,
) -> list[TaskResult]:
    """Run tasks of a step; what they need was `seen` just now, or has been ticked."""

    def status_of(need: str) -> Status:
        found = [seen[t] for t in _meant(session.lab, need) if t in seen]
        missed = [status for status in found if status is not Status.PASSED]
        done = session.progress.meets(session.lab, need)
        return (missed or found or [Status.PASSED if done else Status.FAILED])[0]

    results = engine.run(tasks, session.doors_at(step), heard, status_of)
    seen.update((result.task.id, result.verdict.status) for result in results)
    return results


def _meant(lab: Lab, need: str) -> list[str]:
    """Return the tasks that an id of a task or step stands for."""
    steps = [step for step in lab.steps if step.id == need]
    return [task.id for step in steps for task in due(step)] or [need]


def _events(session: Session, step: Step, results: Iterable[TaskResult]) -> list[Event]:
    events = []
    for result in results:
        task, data = result.task, _data(result)
        events.append(session.event("checked", step.id, task.id, **data))
        if task.mode != "latch" and session.progress.has(step, task):
            during = session.progress.current(session.lab)
            events += _held_events(session, step, [result], during)
        elif result.verdict.status is Status.PASSED and not session.progress.has(
            step, task
        ):
            events.append(session.event("passed", step.id, task.id, **data))
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
            since = {"during": during.id if during else "", "after": _typed(session)}
            events.append(session.event("broken", step.id, task.id, **data, **since))
    return events


def _typed(session: Session) -> list[str]:
    """Return the last commands that were recorded since `labrun next` last looked."""
    from lab_runner.recording import commands  # noqa: PLC0415  (hardly ever used)

    typed: list[str] = []
    with suppress(OSError):
        for recorded in reversed(commands.read(session.key)):
            words = recorded.command.split()
            if words[:2] == ["labrun", "next"] or len(typed) == RECALLED:
                break
            if words and words[0] != "labrun":
                typed.insert(0, recorded.command)
    return typed


def _remembered(session: Session, step: Step, task: Task) -> TaskResult:
    tick = session.progress.ticks[step.id, task.id]
    summary = tick.data.get("summary", "")
    return TaskResult(task, Verdict(Status.PASSED, summary), 0.0)


def _data(result: TaskResult) -> dict[str, object]:
    verdict = result.verdict
    return {
        "task_digest": result.task.digest,
        "status": verdict.status.value,
        "summary": verdict.summary,
        "expected": verdict.expected,
        "actual": verdict.actual,
        "hint": verdict.hint,
        "facts": dict(verdict.facts),
        "seconds": round(result.seconds, 4),
    }
