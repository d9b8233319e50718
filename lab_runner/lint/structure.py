"""Rules about how a lab is built: its steps, their titles and their hints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checks import registry, spec
from lab_runner.lint.subject import Finding, Subject
from lab_runner.model import Task


def empty_steps(subject: Subject) -> Iterator[Finding]:
    for step in subject.lab.steps:
        if not (step.commands or step.tasks or step.questions or step.body.strip()):
            yield Finding(
                step.source,
                f"the step `{step.title}` is empty",
                "Say what to do in it, or leave it out",
            )


def same_titles(subject: Subject) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for step in subject.lab.steps:
        first = seen.setdefault(step.title, step.source.line)
        if first != step.source.line:
            yield Finding(
                step.source,
                f"the step on line {first} has the title `{step.title}` as well",
                "Say in the title what is different here",
            )


def missing_hints(subject: Subject) -> Iterator[Finding]:
    for step in subject.lab.steps:
        if step.tasks and not step.hints and not all(t.hint for t in step.tasks):
            yield Finding(
                step.source,
                f"the step `{step.title}` has tasks and no hint",
                "Fold one away in `<details><summary>Hint</summary>`",
            )


def contradictions(subject: Subject) -> Iterator[Finding]:
    """Find what one step wants to be there and not to be there."""
    for step in subject.lab.steps:
        absent = {_object(t): t for t in step.tasks if not _exists(t)}
        for task in step.tasks:
            other = absent.get(_object(task))
            if other and _exists(task):
                yield Finding(
                    task.source,
                    f"this wants what line {other.source.line} wants to be gone",
                    "Check only what is left at the end of the step",
                )


def short_image_names(subject: Subject) -> Iterator[Finding]:
    """Find images that containerd can have under no such name."""
    for task in _tasks(subject, "image", "cri-image"):
        name = str(task.spec[task.kind])
        host, slash, _ = name.partition("/")
        if not slash or not (set(".:") & set(host) or host == "localhost"):
            path = name if slash else f"library/{name}"
            yield Finding(
                task.source,
                f"`{name}` does not say its registry",
                f"Write `docker.io/{path}`: containerd keeps images by their full names",
            )


def _tasks(subject: Subject, *kinds: str) -> Iterable[Task]:
    return (t for step in subject.lab.steps for t in step.tasks if t.kind in kinds)


def _exists(task: Task) -> bool:
    return str(task.spec.get("exists", "true")).lower() not in spec.FALSE


def _object(task: Task) -> tuple[str, ...]:
    """Return what names the object that a task looks at."""
    narrowing = spec.narrowing(task.kind, registry.load(task.kind))
    keys = sorted(set(narrowing) - {"exists"})
    return (task.machine, task.kind, *(f"{k}={task.spec.get(k)}" for k in keys))
