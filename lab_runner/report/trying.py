"""What became of a text when it was tried, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from lab_runner.characters import harmless
from lab_runner.inference.infer import Inferred
from lab_runner.model import Task
from lab_runner.report import inference
from lab_runner.result import DOUBTS, Finding, Outcome


def text(outcomes: Sequence[Outcome]) -> str:
    """Return each step with how sure its tasks are, and what went wrong in it."""
    return "\n\n".join("\n".join(_step(each)) for each in outcomes)


def fields(steps: Sequence[Inferred], outcomes: Sequence[Outcome]) -> dict[str, Any]:
    return {**inference.fields(steps), "tried": [_fields(each) for each in outcomes]}


def kept(outcome: Outcome) -> list[Task]:
    """Return the tasks of a step that held in every trial."""
    return [each.task for each in outcome.findings if each.sureness not in DOUBTS]


def _step(outcome: Outcome) -> Iterator[str]:
    yield f"{outcome.step.title} ({outcome.step.id})"
    for finding in outcome.findings:
        yield f"  {finding.sureness}: {finding.task.title}{_told(finding)}"
    for skipped in outcome.skipped:
        yield f"    {harmless(skipped)}"
    for failure in outcome.failures:
        yield f"    {harmless(str(failure))}"
    if outcome.stopped:
        yield f"    {harmless(outcome.stopped)}; later steps were not tried"


def _told(finding: Finding) -> str:
    if finding.sureness not in DOUBTS:
        return ""
    return f" ({finding.task.source}): {harmless(finding.seen)}"


def _fields(outcome: Outcome) -> dict[str, Any]:
    return {
        "id": outcome.step.id,
        "findings": [
            {
                "sureness": each.sureness,
                "title": each.task.title,
                "fact": dict(each.task.spec),
                "line": each.task.source.line,
                "seen": each.seen,
            }
            for each in outcome.findings
        ],
        "failures": [
            {
                "line": each.command.source.line,
                "text": each.command.text,
                "exit": each.exit,
                "said": each.said,
            }
            for each in outcome.failures
        ],
        "skipped": list(outcome.skipped),
        "stopped": outcome.stopped,
    }
