"""Rules about conditions that nothing can fail to meet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lab_runner.lint.subject import Finding, Subject
from lab_runner.model import Task

ANYWHERE = {
    ("file", "/"),
    ("file", "/etc"),
    ("file", "/etc/passwd"),
    ("user", "root"),
    ("group", "root"),
    ("mount", "/"),
    ("mount", "/proc"),
    ("process", "systemd"),
    ("command", "sh"),
    ("command", "bash"),
    ("command", "ls"),
    ("command", "cat"),
}
"""What is true of any machine, before anything was done."""


def empty_conditions(subject: Subject) -> Iterator[Finding]:
    for task in _tasks(subject):
        for key, operator, operand in _conditions(task.spec):
            if _takes_all(operator, operand):
                yield Finding(
                    task.source,
                    f"`{key}: {{{operator}: '{operand}'}}` takes any value",
                    "Say what must be there, or leave the key out",
                )


def true_anywhere(subject: Subject) -> Iterator[Finding]:
    for task in _tasks(subject):
        if list(task.spec.items()) in ([each] for each in ANYWHERE):
            yield Finding(
                task.source,
                f"`{task.kind}: {task.spec[task.kind]}` is true of any machine",
                "Check something that the step makes true",
            )


def _tasks(subject: Subject) -> Iterator[Task]:
    return (task for step in subject.lab.steps for task in step.tasks)


def _conditions(value: Any, key: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield key, operator and operand of each condition, also of nested checks."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if isinstance(inner, str):
                yield key, name, inner
            else:
                yield from _conditions(inner, name)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _conditions(each, key)


def _takes_all(operator: str, operand: str) -> bool:
    if operator == "contains":
        return not operand
    if operator == "matches":
        return _matches_empty(operand)
    return False


def _matches_empty(pattern: str) -> bool:
    """Tell whether a pattern is found in anything, as it is found in an empty text.

    `^$` and other anchors on both sides are found in nothing else.
    """
    try:
        compiled = re.compile(pattern)
    except re.error:
        return False
    return bool(compiled.search("") and compiled.search("\N{SNOWMAN}"))
