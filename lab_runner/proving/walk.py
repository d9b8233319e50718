"""A walk: a lab done as it says on fresh machines, looked at before and after each step."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from checks.verdict import Status
from lab_runner import answers, engine, fresh, taking
from lab_runner.engine import DoorOf
from lab_runner.errors import LabrunError
from lab_runner.machines.progress import Progress
from lab_runner.model import Lab, Step
from lab_runner.progress import due
from lab_runner.proving.typed import Typed
from lab_runner.replay import Replay
from lab_runner.result import Failure, TaskResult

Results = Mapping[str, TaskResult]
"""From the id of a task to what became of it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A step as a walk found it.

    `fresh` is what held on the machine as it came, `before` what held when the step's
    turn had come. `stopped` tells why it could not be done to its end.
    """

    step: Step
    fresh: Results
    before: Results = field(default_factory=dict)
    after: Results = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()
    stopped: str = ""
    seconds: float = 0.0


def walk(lab: Lab, seconds: float, progress: Progress) -> Iterator[Taken]:
    """Yield each step once it is done, up to the first that cannot be.

    A command may take `seconds`. Raises MachineError where there can be no machine.
    """
    name = f"prove-{os.getpid()}"
    with (
        fresh.machines(name, lab, progress) as door_of,
        Replay(door_of, seconds) as shells,
    ):
        at_first = {step.id: _look(step, shells, door_of) for step in lab.steps}
        for number, step in enumerate(lab.steps, 1):
            progress(f"step {number} of {len(lab.steps)}, {step.id}")
            taken = _take(Taken(step, at_first[step.id]), shells, door_of)
            yield taken
            if taken.stopped:
                return


def _take(taken: Taken, shells: Replay, door_of: DoorOf) -> Taken:
    step, began = taken.step, time.monotonic()
    start = time.time()
    try:
        taking.set_up(step, door_of)
        taken = replace(taken, before=_look(step, shells, door_of))
        failures = tuple(shells.take(step))
        after = engine.run(due(step), Typed.doors(shells, door_of, start))
        for question in step.questions:
            answers.right(question, door_of)
        found = {result.task.id: result for result in after}
        taken = replace(taken, after=found, failures=failures)
    except LabrunError as error:
        taken = replace(taken, stopped=error.message)
    return replace(taken, seconds=time.monotonic() - began)


def _look(step: Step, shells: Replay, door_of: DoorOf) -> Results:
    at_once = [replace(task, within=0.0) for task in due(step)]
    found = engine.run(at_once, Typed.doors(shells, door_of, time.time()))
    return {result.task.id: result for result in found}


def passes(result: TaskResult) -> bool:
    return result.verdict.status is Status.PASSED
