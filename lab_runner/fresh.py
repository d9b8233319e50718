"""Machines for one piece of work: fresh when it begins, gone when it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from lab_runner.engine import Door, DoorOf
from lab_runner.machines import lifecycle, lookup
from lab_runner.machines.progress import Progress
from lab_runner.model import Lab


@contextmanager
def machines(name: str, lab: Lab, progress: Progress) -> Iterator[DoorOf]:
    """Have the lab's machines as `name` as long as the block lasts.

    Raises MachineError where there can be none.
    """
    if lab.machines:
        lifecycle.up_group(name, lab.machines, progress)
    else:
        lifecycle.up(name, lab.machine, progress)
    doors: dict[str, Door] = {}

    def door_of(machine: str) -> Door:
        if machine not in doors:
            doors[machine] = lookup.find(name, machine)
        return doors[machine]

    with ExitStack() as undo:
        undo.callback(lifecycle.down, name)
        yield door_of
        for door in doors.values():
            door.close()
