"""Lab machines for the tests that need a real one."""

import os
from contextlib import suppress
from itertools import count

import pytest

from lab_runner.errors import MachineError
from lab_runner.machines import nspawn
from lab_runner.model import MachineSpec


@pytest.fixture(scope="session", autouse=True)
def as_root():
    if os.geteuid() != 0:
        pytest.fail("tests on real machines need root: run `make test`")


@pytest.fixture(scope="session")
def lab_machine():
    """`lab_machine(packages)` boots a machine and gives its name and its door."""
    made = []

    def make(packages=()):
        name = f"test-{os.getpid()}-{next(numbers)}"
        made.append(name)
        nspawn.up(name, MachineSpec(packages=tuple(packages)), print)
        door = nspawn.find(name)
        doors.append(door)
        return name, door

    numbers, doors = count(), []
    yield make
    for door in doors:
        door.close()
    for name in made:
        with suppress(MachineError):  # the test has thrown it away itself
            nspawn.down(name)
