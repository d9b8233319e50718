"""What two trials of a step say together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checks.snapshot.model import Change
from lab_runner.inference.model import Fact
from lab_runner.result import Finding, Sureness
from lab_runner.trying.proposing import propose
from lab_runner.trying.trial import Tried

MOST = 5
"""Of more new files in one folder only the folder is proposed."""


def inferred(trials: Sequence[Tried]) -> Iterator[Finding]:
    """Yield each inferred task: it holds in both trials, in neither, or in one."""
    for task in trials[0].step.tasks:
        held = [task.id in each.holding for each in trials]
        sureness: Sureness = "certain" if all(held) else "contradicted"
        if any(held) and not all(held):
            sureness = "flaky"
        told = next(
            (t for t, holds in zip(trials, held, strict=True) if not holds), None
        )
        seen = (told or trials[0]).seen.get(task.id, "")
        yield Finding(task, sureness, seen)


def proposals(trials: Sequence[Tried]) -> Iterator[tuple[str, Fact]]:
    """Yield machine and fact of what changed in all trials, if no task that held asks it."""
    known = {
        (task.machine, task.kind, str(task.spec[task.kind]))
        for task in trials[0].step.tasks
        if task.id in trials[0].holding
    }
    for machine, changes in trials[0].changes.items():
        others = [set(each.changes.get(machine, ())) for each in trials[1:]]
        same = [change for change in changes if all(change in o for o in others)]
        for fact in filter(None, map(propose, _gathered(same))):
            if (machine, fact.kind, fact.subject) not in known:
                yield machine, fact


def _gathered(changes: Sequence[Change]) -> Iterator[Change]:
    """Leave out files in a folder that is new itself and has many."""
    new = [each for each in changes if each.part == "files" and each.before is None]
    folders = [
        f"{each.name}/"
        for each in new
        if sum(other.name.startswith(f"{each.name}/") for other in new) > MOST
    ]
    yield from (
        change
        for change in changes
        if change.part != "files" or not change.name.startswith(tuple(folders))
    )
