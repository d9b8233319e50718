"""The engine: runs tasks' checks against the machines they name and never prints.

Retry, timeout and what an unexpected exception means are decided here, the same for
every kind of check.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from typing import Any, Protocol

from checks import registry, spec
from checks.doors.machine import Machine
from checks.doors.witness import Witness
from checks.errors import CheckError, TimedOut
from checks.verdict import Status, Verdict, could_not_tell
from lab_runner import facts
from lab_runner.characters import encodable
from lab_runner.errors import LabrunError
from lab_runner.model import Task
from lab_runner.result import TaskResult

PAUSE = 0.1
# A check that ignores its deadline is left behind this long after it.
GRACE = 1.0
UNMET = {
    Status.FAILED: "does not hold yet",
    Status.ERROR: "could not be told",
    Status.SKIPPED: "waits itself",
}


class Door(Machine, Protocol):
    """A machine whose checks the engine may bound in time and give a witness."""

    process: int
    witness: Witness | None

    def allow(self, seconds: float | None) -> None: ...
    def close(self) -> None: ...


DoorOf = Callable[[str], Door]
"""From the name in a task's `machine`; raises LabrunError or CheckError."""


StatusOf = Callable[[str], Status]
"""From a task or step that is needed, and not among those at hand, to its status."""


def run(
    tasks: Iterable[Task],
    door_of: DoorOf,
    report: Callable[[TaskResult], None] = lambda _: None,
    status_of: StatusOf = lambda _: Status.PASSED,
) -> list[TaskResult]:
    """Run tasks in order; those with `within` are tried again until they hold or end.

    All waiting tasks are retried side by side in time, so a step waits as long as its
    most patient task. One that needs others is looked at once these are decided, and
    skipped unless they hold. `report` hears each task's final result as soon as it is
    known.
    """
    results: dict[str, TaskResult] = {}
    waiting = list(tasks)
    order = [task.id for task in waiting]
    began: dict[str, float] = {}
    while waiting:
        later = []
        for task in waiting:
            if any(need in order and need not in results for need in task.needs):
                later.append(task)
                continue
            start = began.setdefault(task.id, time.monotonic())
            result = _unmet(task, results, status_of) or attempt(task, door_of)
            if _may_retry(result, start):
                later.append(task)
                continue
            results[task.id] = result
            report(result)
        waiting = later
        if waiting:
            time.sleep(PAUSE)
    return [results[task_id] for task_id in order]


def _unmet(
    task: Task, results: Mapping[str, TaskResult], status_of: StatusOf
) -> TaskResult | None:
    """Return the result of a task that is not looked at, as what it needs is not so."""
    for need in task.needs:
        found = results.get(need)
        status = found.verdict.status if found else status_of(need)
        if status is not Status.PASSED:
            what = f"`{need}`" if "/" in need else f"step `{need}`"
            summary = f"Waits for {what}, which {UNMET[status]}"
            return TaskResult(task, Verdict(Status.SKIPPED, summary), 0.0)
    return None


def attempt(task: Task, door_of: DoorOf) -> TaskResult:
    """Try a task once, whatever its check does and whether or not its machine is there."""
    began = time.monotonic()
    try:
        machine = door_of(task.machine)
    except (CheckError, LabrunError) as error:
        return TaskResult(
            task, could_not_tell(error.message, error.remedy), time.monotonic() - began
        )
    verdict, trace = _observed(task, machine)
    return TaskResult(task, verdict, time.monotonic() - began, trace)


def _observed(task: Task, machine: Door) -> tuple[Verdict, str]:
    outcome: list[tuple[Verdict, str]] = []
    machine.allow(task.timeout)
    worker = threading.Thread(
        target=lambda: outcome.append(_decide(task.kind, task.spec, machine)),
        daemon=True,
    )
    worker.start()
    worker.join(task.timeout + GRACE)
    return outcome[0] if outcome else (_overdue(task), "")


def _decide(
    kind: str, entry: Mapping[str, Any], machine: Machine
) -> tuple[Verdict, str]:
    try:
        check = spec.build(kind, registry.load(kind), entry)
        return _written(check.run(machine)), ""
    except CheckError as error:
        return _written(could_not_tell(error.message, error.remedy)), ""
    except Exception as error:  # noqa: BLE001  (the one boundary around a check)
        import traceback  # noqa: PLC0415  (costs every start and is hardly ever used)

        return _written(_crashed(kind, error)), encodable(traceback.format_exc())


def _written(verdict: Verdict) -> Verdict:
    """Return a verdict as it can be printed and recorded, whatever was observed."""
    if not isinstance(verdict, Verdict):
        raise TypeError("it returned no verdict")
    small = replace(verdict, facts=facts.bounded(verdict.facts))
    return Verdict(*(encodable(getattr(small, part.name)) for part in fields(Verdict)))


def _crashed(kind: str, error: Exception) -> Verdict:
    reason = str(error) or type(error).__name__
    return Verdict(
        Status.ERROR,
        f"The check `{kind}` itself failed: {reason}",
        hint="repeat with --verbose and report the trace to the authors",
    )


def _overdue(task: Task) -> Verdict:
    error = TimedOut(
        f"the check did not end within {task.timeout:g} s",
        "give it more time with `timeout:`",
    )
    return could_not_tell(error.message, error.remedy)


def _may_retry(result: TaskResult, began: float) -> bool:
    decided = (Status.PASSED, Status.SKIPPED)
    if result.verdict.status in decided or not result.task.within:
        return False
    return time.monotonic() + PAUSE < began + result.task.within
