"""Hidden tasks: why they hold or not is told once their lab's deadline has passed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from checks.verdict import Status, Verdict
from lab_runner.model import Lab
from lab_runner.result import TaskResult

DECIDED = (Status.PASSED, Status.FAILED)


def shown(results: Iterable[TaskResult], lab: Lab) -> list[TaskResult]:
    """Return results as the learner may see them now."""
    if is_over(lab, datetime.now(UTC)):
        return list(results)
    return [_withheld(result) for result in results]


def is_over(lab: Lab, now: datetime) -> bool:
    """Tell whether a lab has a deadline and it has passed; `now` has a zone."""
    return bool(lab.deadline) and now >= datetime.fromisoformat(lab.deadline)


def _withheld(result: TaskResult) -> TaskResult:
    """Take the reason away; what kept a check from telling is nobody's secret."""
    if not result.task.hidden or result.verdict.status not in DECIDED:
        return result
    bare = Verdict(result.verdict.status, "")
    task = replace(result.task, hint="")
    return replace(result, task=task, verdict=bare, withheld=True)
