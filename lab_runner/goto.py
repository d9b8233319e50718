"""Going to a step: machines on which everything before it has been done.

The machines boot from the nearest checkpoint whose tasks hold again on them; what is
missing is done as the lab's own solutions say, and checked like a learner's work.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from checks.verdict import Status
from lab_runner import engine, taking
from lab_runner.errors import LabrunError, UsageError
from lab_runner.machines import checkpoints, folder, lifecycle, locks, lookup
from lab_runner.machines.checkpoints import Checkpoint
from lab_runner.machines.image import layers
from lab_runner.machines.progress import Progress
from lab_runner.machines.state import MachineRecord
from lab_runner.model import Command, Step, Task
from lab_runner.progress import due
from lab_runner.replay import Replay
from lab_runner.result import Arrival, TaskResult
from lab_runner.session import Session

# Services start while the machine is already there.
PATIENCE = 5.0
DIGITS = 24


class Refused(LabrunError):
    """A step was done as written, and its checks do not accept it.

    The machines stand where it begins, and are not what the learner's progress says.
    """

    exit_code = 4


def goto(session: Session, step: Step, progress: Progress) -> Arrival:
    """Replace the session's machines by such on which the steps before are done.

    Raises UsageError where there are none to replace, Refused where the lab's own
    solution is not accepted, and LabrunError where a command or a machine fails.
    """
    if not session.on_lab_machine:
        raise UsageError(
            f"`{session.progress.machine}` cannot be brought to a step,"
            " only a lab machine can",
            f"labrun machine up NAME, then labrun start {session.lab.id} --on NAME",
        )
    before = session.lab.steps[: session.number(step) - 1]
    name = session.progress.machine
    busy = f"`{name}` is just being brought to a step by another labrun"
    with locks.held(folder.locks() / f"goto-{name}", busy):
        arrival = _arrive(session, step, before, progress)
    again = session.lab.steps[len(before) :]
    session.record(
        [
            session.event(
                "arrived",
                step.id,
                before=[each.id for each in before],
                prepared=[each.id for each in before if each.setup],
                again=[q.id for each in again for q in each.questions],
            )
        ]
    )
    taking.prepare(session, step)
    session.shown(step)
    return arrival


def _arrive(
    session: Session, step: Step, before: Sequence[Step], progress: Progress
) -> Arrival:
    keys = list(_keys(session, before, progress))
    for done, checkpoint in _kept(keys):
        kept, missing = before[:done], before[done:]
        progress(f"starting where step {kept[-1].id} ended")
        _renew(session, progress, checkpoint)
        survives = _hold(session, kept, checkpoint.holds)
        checkpoints.judge(checkpoint, survives=survives)
        # What a step needs may have been a process or a variable of the shell.
        with suppress(LabrunError):
            if survives:
                _replay(session, missing, progress)
                _keep(session, before, keys, progress)
                return Arrival(step, tuple(kept), tuple(missing))
    _renew(session, progress)
    _replay(session, before, progress)
    _keep(session, before, keys, progress)
    return Arrival(step, (), tuple(before))


def _keys(session: Session, steps: Iterable[Step], progress: Progress) -> Iterator[str]:
    """Yield the name of the checkpoint after each step: what was done until then."""
    trees = {
        member: [tree.parent.name for tree in layers.ensure(record.spec, progress)]
        for member, record in _records(session).items()
    }
    key = _digest(trees)
    for step in steps:
        commands = [*map(_typed, step.setup), *map(_typed, step.solution)]
        key = _digest([key, commands, [task.digest for task in step.tasks]])
        yield key


def _kept(keys: Sequence[str]) -> Iterator[tuple[int, Checkpoint]]:
    """Yield the checkpoints there are, nearest first, with their number of steps."""
    for done in range(len(keys), 0, -1):
        checkpoint = checkpoints.find(keys[done - 1])
        if checkpoint and checkpoint.survives is not False:
            yield done, checkpoint


def _renew(
    session: Session, progress: Progress, checkpoint: Checkpoint | None = None
) -> None:
    session.close()
    for member, record in _records(session).items():
        origin = checkpoint.disk(member) if checkpoint else None
        lifecycle.renew(record.name, progress, origin=origin)


def _replay(session: Session, steps: Iterable[Step], progress: Progress) -> None:
    with Replay(session.door_of) as shells:
        for step in steps:
            progress(f"doing step {session.number(step)}, {step.id}")
            taking.set_up(step, session.door_of)
            failures = shells.take(step)
            results = _checked(session, due(step), PATIENCE)
            refused = [r for r in results if r.verdict.status is not Status.PASSED]
            if refused:
                why = refused[0].verdict.summary
                told = "".join(f" ({failure})" for failure in failures[:1])
                raise Refused(
                    f"step `{step.id}` was done as written and `{refused[0].task.id}`"
                    f" does not hold: {why}{told}",
                    f"mend the lab at {step.source};"
                    " `labrun reset` makes the machine as new",
                )


def _keep(
    session: Session, before: Sequence[Step], keys: Sequence[str], progress: Progress
) -> None:
    """Keep the state that was reached, where the machines' disks can be kept."""
    machines = _records(session)
    if not before or not all(map(checkpoints.can_keep, machines.values())):
        return
    if checkpoints.find(keys[-1]):
        return
    progress("keeping this state for the next time")
    tasks = [task for step in before for task in due(step)]
    results = _checked(session, tasks)
    held = [r.task.id for r in results if r.verdict.status is Status.PASSED]
    kept = Checkpoint(keys[-1], session.lab.id, before[-1].id, tuple(held))
    checkpoints.keep(kept, machines)


def _hold(session: Session, steps: Iterable[Step], wanted: Sequence[str]) -> bool:
    tasks = [t for step in steps for t in due(step) if t.id in wanted]
    results = _checked(session, tasks, PATIENCE)
    return all(result.verdict.status is Status.PASSED for result in results)


def _checked(
    session: Session, tasks: Iterable[Task], patience: float = 0.0
) -> list[TaskResult]:
    patient = [replace(t, within=max(t.within, patience)) for t in tasks]
    return engine.run(patient, session.door_of)


def _records(session: Session) -> dict[str, MachineRecord]:
    return {member: lookup.record(n) for member, n in session.machines.items()}


def _typed(command: Command) -> list[str]:
    return [command.machine, command.text]


def _digest(contents: object) -> str:
    return hashlib.sha256(json.dumps(contents).encode()).hexdigest()[:DIGITS]
