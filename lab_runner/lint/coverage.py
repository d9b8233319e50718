"""The rule about commands that change the machine and that no check notices."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import PurePosixPath

from lab_runner.inference.effects import Understood
from lab_runner.inference.infer import Left, infer
from lab_runner.inference.model import Fact
from lab_runner.lint.subject import Finding, Subject
from lab_runner.model import Step


def unchecked_commands(subject: Subject) -> Iterator[Finding]:
    """Find commands that leave nothing a check of their step or of a later one names."""
    steps = subject.lab.steps
    for nth, inferred in enumerate(infer(subject.lab)):
        if not any(task.origin == "authored" for task in inferred.step.tasks):
            continue
        checked = _checked(steps[nth:])
        for left in inferred.left:
            for each in left.commands:
                names = [n for fact in _lasting(each, left) for n in _names(fact)]
                if names and not any(name in checked for name in names):
                    yield Finding(
                        inferred.source(each),
                        f"no check notices whether `{each.command.text}` was run",
                        "Check what it leaves; `labrun dev infer` proposes how",
                    )


def _checked(steps: tuple[Step, ...]) -> str:
    """Return everything that the checks of some steps say, as one text."""
    tasks = [dict(task.spec) for step in steps for task in step.tasks]
    facts = [dict(question.fact) for step in steps for question in step.questions]
    return json.dumps([*tasks, *facts])


def _names(fact: Fact) -> Iterator[str]:
    """Yield the names by which a check can mean something: a file's folders, too."""
    yield fact.subject
    if fact.subject.startswith("/"):
        parents = PurePosixPath(fact.subject).parents
        yield from (str(folder) for folder in parents if len(folder.parts) > 2)


def _lasting(each: Understood, left: Left) -> list[Fact]:
    """Return the facts of a command that are still so at the end of the step.

    What the same step made and took away again need not be noticed.
    """
    if each.effects.kind != "change":
        return []
    made = {
        fact.identity
        for earlier in left.commands[: left.commands.index(each)]
        for fact in earlier.effects.facts
        if not fact.is_absence
    }
    lasting = {_state(fact) for fact in left.facts}
    return [
        fact
        for fact in each.effects.facts
        if _state(fact) in lasting and not (fact.is_absence and fact.identity in made)
    ]


def _state(fact: Fact) -> tuple[tuple[str, ...], bool]:
    return fact.identity, fact.is_absence
