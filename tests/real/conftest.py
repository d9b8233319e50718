"""Lab machines for the tests that need a real one."""

import os
import shutil
import socket
import tempfile
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest

from lab_runner.errors import MachineError
from lab_runner.machines import folder, lifecycle
from lab_runner.model import MachineSpec


@pytest.fixture(scope="session", autouse=True)
def as_root():
    if os.geteuid() != 0:
        pytest.fail("tests on real machines need root: run `make test`")


@pytest.fixture(scope="session")
def lab_machine():
    """`lab_machine(packages)` boots a machine and gives its name and its door."""
    numbers, doors = count(), []

    def make(packages=()):
        name = f"test-{os.getpid()}-{next(numbers)}"
        lifecycle.up(name, MachineSpec(packages=tuple(packages)), print)
        doors.append(lifecycle.find(name))
        return name, doors[-1]

    yield make
    for door in doors:
        door.close()
        with suppress(MachineError):  # the test has thrown it away itself
            lifecycle.down(door.name)


@pytest.fixture
def own_folder(monkeypatch):
    """A machine folder of the test's own, with the images of the usual one."""
    lifecycle.build(MachineSpec(), print)
    shared = folder.root()
    # Not tmp_path: machines need a disk, and /tmp may be memory.
    own = Path(tempfile.mkdtemp(prefix="labrun-test-", dir="/var/tmp"))
    (own / "images").mkdir()
    for path in (
        shared / "certificates",
        shared / "seed",
        *(shared / "images").glob("d*"),
    ):
        (own / path.relative_to(shared)).symlink_to(path)
    monkeypatch.setenv("LABRUN_MACHINE_DIR", str(own))
    yield own
    for record in lifecycle.machines():
        lifecycle.down(record.name)
    shutil.rmtree(own)


@pytest.fixture
def unused_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]
