"""Checks for the steps that have none: tasks made of what their commands leave true."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from checks import registry, spec
from checks.check import Check
from checks.errors import SpecError
from lab_runner.characters import shorten
from lab_runner.formats import check_entry, titles
from lab_runner.formats.slugs import Ids, slug
from lab_runner.inference import infer
from lab_runner.inference.infer import Inferred, Left
from lab_runner.inference.model import Fact
from lab_runner.model import Lab, Step, Task

WITHIN = 2.0
"""Seconds that a task may need to become true: daemons take a moment."""


def complete(lab: Lab) -> Lab:
    """Return a lab whose steps without checks or questions have inferred tasks."""
    if all(map(_is_checked, lab.steps)):
        return lab
    return replace(lab, steps=tuple(map(_completed, infer.infer(lab))))


def tasks(inferred: Inferred) -> Iterator[Task]:
    """Yield a task for each fact that a step leaves; of an invalid check there is none."""
    ids = Ids()
    for left in inferred.left:
        for fact in left.facts:
            check = _check(fact)
            if check:
                yield _task(fact, check, left, inferred, ids)


def proposed(step: Step, facts: Iterable[tuple[str, Fact]]) -> Iterator[Task]:
    """Yield a task for each fact of a machine that was seen after a step."""
    ids = Ids()
    for task in step.tasks:
        ids.unique(task.id)
    for machine, fact in facts:
        if check := _check(fact):
            name = slug(f"{fact.kind} {fact.subject} {machine}")
            yield Task(
                id=ids.unique(f"{step.id}/{name}"),
                title=titles.title(fact.kind, check),
                kind=fact.kind,
                spec=fact.spec,
                source=step.source,
                digest=check_entry.digest(
                    fact.kind, fact.spec, "latch", machine=machine
                ),
                within=WITHIN,
                origin="tried",
                machine=machine,
            )


def _completed(inferred: Inferred) -> Step:
    step = inferred.step
    return step if _is_checked(step) else replace(step, tasks=tuple(tasks(inferred)))


def _is_checked(step: Step) -> bool:
    return bool(step.tasks or step.questions)


def _check(fact: Fact) -> Check | None:
    try:
        return spec.build(fact.kind, registry.load(fact.kind), fact.spec)
    except SpecError:
        return None


def _task(fact: Fact, check: Check, left: Left, inferred: Inferred, ids: Ids) -> Task:
    name = slug(f"{fact.kind} {fact.subject} {left.machine}")
    origin = left.origin(fact)
    return Task(
        id=ids.unique(f"{inferred.step.id}/{name}"),
        title=titles.title(fact.kind, check),
        kind=fact.kind,
        spec=fact.spec,
        source=inferred.source(origin),
        digest=check_entry.digest(fact.kind, fact.spec, "latch", machine=left.machine),
        within=WITHIN,
        hint=f"The text says `{shorten(origin.command.text, 200)}`.",
        origin="inferred",
        machine=left.machine,
    )
