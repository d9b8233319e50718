"""Reports for programs: the JSON of content/guide/json.md, version SCHEMA."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lab_runner.errors import LabBroken, LabrunError
from lab_runner.model import Lab, Problem, Question, Step
from lab_runner.progress import Progress
from lab_runner.report.text import advice, event_of
from lab_runner.result import Arrival, TaskResult

SCHEMA = 1


def dump(command: str, fields: Mapping[str, Any]) -> str:
    """Return one object: the schema's version, the command, and its own fields."""
    document = {"schema": SCHEMA, "command": command, **fields}
    return json.dumps(document, indent=2, default=str)


def task(result: TaskResult, step: Step) -> dict[str, Any]:
    verdict = result.verdict
    return {
        "id": result.task.id,
        "step": step.id,
        "title": result.task.title,
        "machine": result.task.machine,
        "status": verdict.status.value,
        "summary": verdict.summary,
        "expected": verdict.expected,
        "actual": verdict.actual,
        "hint": advice(result),
        "mode": result.task.mode,
        "needs": list(result.task.needs),
        "points": result.task.points,
        "hidden": result.task.hidden,
        "withheld": result.withheld,
        "seconds": round(result.seconds, 4),
        "facts": dict(verdict.facts),
    }


def tasks(results: Iterable[TaskResult], step: Step) -> list[dict[str, Any]]:
    return [task(result, step) for result in results]


def step(lab: Lab, each: Step, progress: Progress) -> dict[str, Any]:
    return {
        "id": each.id,
        "number": lab.steps.index(each) + 1,
        "title": each.title,
        "complete": progress.is_complete(each),
        "given": progress.is_complete(each) and not progress.is_earned(each),
        "points": points(progress, [each]),
        "tasks": [
            {
                "id": t.id,
                "title": t.title,
                "machine": t.machine,
                "mode": t.mode,
                "needs": list(t.needs),
                "points": t.points,
                "hidden": t.hidden,
                "ticked": progress.has(each, t),
                "broken": progress.is_broken(each, t),
            }
            for t in each.tasks
        ],
        "questions": questions(each.questions, progress),
    }


def questions(asked: Sequence[Question], progress: Progress) -> list[dict[str, Any]]:
    return [
        {
            "id": q.id,
            "ask": q.ask,
            "machine": q.machine,
            "points": q.points,
            "answered": progress.has_answered(q),
        }
        for q in asked
    ]


def progress(lab: Lab, reached: Progress) -> dict[str, Any]:
    done, total = reached.counts(lab)
    current = reached.current(lab)
    return {
        "lab": lab.id,
        "machine": reached.machine,
        "done": done,
        "total": total,
        "points": points(reached, lab.steps),
        "complete": reached.is_finished(lab),
        "current": current.id if current else None,
    }


def points(reached: Progress, steps: Sequence[Step]) -> dict[str, int]:
    earned, possible = reached.points(steps)
    return {"earned": earned, "possible": possible}


def broken(result: TaskResult, reached: Progress) -> dict[str, Any]:
    """What had to stay true and does not: since when, during which step, after what."""
    event = event_of(result, reached)
    return {
        "id": result.task.id,
        "title": result.task.title,
        "status": result.verdict.status.value,
        "summary": result.verdict.summary,
        "at": event.at if event else "",
        "during": event.data.get("during", "") if event else "",
        "after": event.data.get("after", []) if event else [],
    }


def arrival(lab: Lab, reached: Progress, arrived: Arrival) -> dict[str, Any]:
    return {
        **progress(lab, reached),
        "kept": [each.id for each in arrived.kept],
        "replayed": [each.id for each in arrived.replayed],
    }


def labs(
    rows: Iterable[tuple[Lab | LabrunError, str, Progress]],
) -> list[dict[str, Any]]:
    return [
        broken_lab(name, found) if isinstance(found, LabrunError) else lab(found, each)
        for found, name, each in rows
    ]


def broken_lab(name: str, fault: LabrunError) -> dict[str, Any]:
    found = fault.problems if isinstance(fault, LabBroken) else ()
    return {"id": name, **_error(fault), "problems": problems(found)}


def lab(each: Lab, reached: Progress) -> dict[str, Any]:
    done, total = reached.counts(each)
    return {
        "id": each.id,
        "title": each.title,
        "summary": each.summary,
        "minutes": each.minutes,
        "level": each.level,
        "steps": len(each.steps),
        "done": done,
        "total": total,
    }


def problems(found: Iterable[Problem]) -> list[dict[str, Any]]:
    return [
        {
            "path": problem.source.path,
            "line": problem.source.line,
            "column": problem.source.column,
            "severity": problem.severity,
            "rule": problem.rule,
            "message": f"{problem.message}. {problem.advice}.",
        }
        for problem in found
    ]


def error(command: str, problem: LabrunError) -> str:
    fields: dict[str, Any] = {**_error(problem), "exit": problem.exit_code}
    if isinstance(problem, LabBroken):
        fields["problems"] = problems(problem.problems)
    return dump(command, fields)


def _error(problem: LabrunError) -> dict[str, Any]:
    return {"error": {"message": problem.message, "remedy": problem.remedy}}
