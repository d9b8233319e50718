"""Reports for programs: the JSON of content/guide/json.md, version SCHEMA."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from checks.verdict import Status
from lab_runner.errors import LabBroken, LabrunError
from lab_runner.model import Lab, Problem, Question, Step
from lab_runner.progress import Progress
from lab_runner.report.text import advice
from lab_runner.result import Arrival, TaskResult

SCHEMA = 1


def dump(command: str, fields: Mapping[str, Any]) -> str:
    """Return one object: the schema's version, the command, and its own fields."""
    document = {"schema": SCHEMA, "command": command, **fields}
    return json.dumps(document, indent=2, default=str)


def task(result: TaskResult, step: Step) -> dict[str, Any]:
    verdict = result.verdict
    withheld = result.task.hidden and verdict.status is Status.FAILED
    return {
        "id": result.task.id,
        "step": step.id,
        "title": result.task.title,
        "machine": result.task.machine,
        "status": verdict.status.value,
        "summary": "" if withheld else verdict.summary,
        "expected": "" if withheld else verdict.expected,
        "actual": "" if withheld else verdict.actual,
        "hint": "" if withheld else advice(result),
        "points": result.task.points,
        "seconds": round(result.seconds, 4),
        "facts": {} if withheld else dict(verdict.facts),
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
        "tasks": [
            {
                "id": t.id,
                "title": t.title,
                "machine": t.machine,
                "ticked": progress.has(each, t),
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
        "complete": current is None,
        "current": current.id if current else None,
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
