"""A workshop of Educates on a lab machine: prepared, checked and done."""

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from lab_runner.errors import MachineError
from lab_runner.machines import lifecycle

pytestmark = pytest.mark.real

LABRUN = Path(sys.executable).parent / "labrun"
WORKSHOP = Path(__file__).parents[1] / "fixtures" / "educates" / "whole"
POEM = "/root/exercises/poem.txt"


def labrun(*argv):
    run = subprocess.run([LABRUN, *argv, "--json"], capture_output=True, text=True)
    return run.returncode, json.loads(run.stdout)


def solve(machine, step):
    for command in labrun("solve", step)[1]["commands"]:
        machine.run(["bash", "-c", command])


@pytest.fixture
def machine():
    name = f"test-{os.getpid()}-workshop"
    assert labrun("machine", "up", name, "--lab", str(WORKSHOP))[0] == 0
    door = lifecycle.find(name)
    yield door
    door.close()
    with suppress(MachineError):
        lifecycle.down(name)


def test_a_workshop_is_prepared_fails_and_passes_by_its_own_commands(machine):
    assert labrun("start", str(WORKSHOP), "--on", machine.name)[0] == 0
    assert machine.run(["cat", "/root/data/state"]).stdout == "ready\n"
    assert machine.stat("/root/exercises/bin/greet.sh").mode & 0o111

    assert labrun("next")[0] == 0
    code, said = labrun("next")
    assert code == 1
    assert "There is no first yet." in said["tasks"][0]["summary"]

    solve(machine, "make-a-file")
    assert labrun("next")[0] == 0

    solve(machine, "edit-a-file")
    poem, colour = labrun("next")[1]["tasks"]
    assert machine.run(["sed", "-n", "2p", POEM]).stdout == "zwei\n"
    assert "python3" in poem["summary"]  # its test is written in what is not here
    assert colour["status"] == "passed"
