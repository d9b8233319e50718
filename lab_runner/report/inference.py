"""What was inferred from a lab's commands, as text, as JSON and as check fences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import yaml

from lab_runner.characters import one_line
from lab_runner.inference.effects import Understood
from lab_runner.inference.infer import Inferred
from lab_runner.inference.model import Fact
from lab_runner.model import Task

SEEN = "# Seen when the text was tried; no command says it.\n"


def text(steps: Iterable[tuple[Inferred, Sequence[Task]]]) -> str:
    """Return the tasks of each step, and under each command what it is taken for."""
    return "\n\n".join("\n".join(_step(*each)) for each in steps)


def fields(steps: Sequence[Inferred]) -> dict[str, Any]:
    """Return all commands in order, and by step the facts left at its end."""
    left = [each for step in steps for each in step.left]
    commands = [_command(each) for known in left for each in known.commands]
    return {"commands": commands, "steps": [_facts(step) for step in steps]}


def fence(tasks: Iterable[Task]) -> str:
    """Return tasks as a `yaml check` fence that a lab file can hold."""
    held = "".join(map(_entry, tasks))
    marker = "`" * max(3, 1 + max(map(len, _ticks(held)), default=0))
    return f"{marker}yaml check\n{held}{marker}\n"


def _entry(task: Task) -> str:
    entries = [dict(task.spec) | _machine(task)]
    held = yaml.safe_dump(entries, sort_keys=False, allow_unicode=True, width=100)
    return f"{SEEN if task.origin == 'tried' else ''}{held}"


def _step(inferred: Inferred, tasks: Sequence[Task]) -> Iterator[str]:
    yield f"{inferred.step.title} ({inferred.step.id})"
    for task in tasks:
        yield f"  {'+' if task.origin == 'inferred' else '='} {task.title}"
    for left in inferred.left:
        for each in left.commands:
            source = inferred.source(each)
            yield f"    {source.path}:{source.line}: {_told(each)}"


def _told(each: Understood) -> str:
    why = f" ({each.effects.why})" if each.effects.why else ""
    return f"{each.effects.kind}: {one_line(each.command.text)}{why}"


def _command(each: Understood) -> dict[str, Any]:
    return {
        "line": each.command.line,
        "text": each.command.text,
        "class": each.effects.kind,
        "why": each.effects.why,
        "facts": _specs(each.effects.facts),
    }


def _facts(inferred: Inferred) -> dict[str, Any]:
    facts = [fact for left in inferred.left for fact in left.facts]
    return {"id": inferred.step.id, "facts": _specs(facts)}


def _specs(facts: Iterable[Fact]) -> list[Mapping[str, Any]]:
    return [dict(fact.spec) for fact in facts]


def _machine(task: Task) -> dict[str, str]:
    return {"machine": task.machine} if task.machine else {}


def _ticks(held: str) -> Iterator[str]:
    return (run for run in "".join(c if c == "`" else " " for c in held).split())
