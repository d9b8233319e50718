"""Why something did not hold when it was last looked at, told from the journal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from checks.verdict import Status, Verdict
from lab_runner.journal import Event, EventKind
from lab_runner.model import Step, Task
from lab_runner.result import TaskResult
from lab_runner.session import Session
from lab_runner.withholding import shown

VERDICTS: tuple[EventKind, ...] = ("checked", "passed", "broken")
# After these the machine is another one, or is taken for one.
ANEW: tuple[EventKind, ...] = ("arrived", "reset")


@dataclass(frozen=True, slots=True)
class Recalled:
    """A verdict as it was recorded; `at` is UTC in ISO 8601."""

    step: Step
    result: TaskResult
    at: str


def amiss(session: Session) -> list[Recalled]:
    """Return what did not hold when it was last looked at, as the learner may see it.

    The machine is not asked. A task whose check was rewritten since is left out.
    """
    last = _last(session.journal.events(session.key, (*VERDICTS, *ANEW)))
    found = []
    for step in session.lab.steps:
        for task in step.tasks:
            event = last.get((step.id, task.id))
            if event and event.data.get("task_digest") == task.digest:
                (result,) = shown([_result(task, event)], session.lab)
                found.append(Recalled(step, result, event.at))
    return [each for each in found if each.result.verdict.status is not Status.PASSED]


def _last(events: Iterable[Event]) -> dict[tuple[str, str], Event]:
    """Return each task's last verdict, by the ids of its step and its own."""
    last: dict[tuple[str, str], Event] = {}
    for event in events:
        if event.kind in ANEW:
            last.clear()
        else:
            last[event.step, event.task] = event
    return last


def _result(task: Task, event: Event) -> TaskResult:
    data = event.data
    verdict = Verdict(
        Status(data["status"]),
        data["summary"],
        data["expected"],
        data["actual"],
        data["hint"],
        data["facts"],
    )
    return TaskResult(task, verdict, data["seconds"])
