"""A scenario of Killercoda on a lab machine: prepared, checked and done."""

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
SCENARIO = Path(__file__).parents[1] / "fixtures" / "killercoda" / "whole"


def labrun(*argv):
    run = subprocess.run([LABRUN, *argv, "--json"], capture_output=True, text=True)
    return run.returncode, json.loads(run.stdout)


@pytest.fixture
def machine():
    name = f"test-{os.getpid()}-scenario"
    assert labrun("machine", "up", name, "--lab", str(SCENARIO))[0] == 0
    door = lifecycle.find(name)
    yield door
    door.close()
    with suppress(MachineError):
        lifecycle.down(name)


def test_a_scenario_is_prepared_fails_and_passes_by_its_own_commands(machine):
    assert labrun("start", str(SCENARIO), "--on", machine.name)[0] == 0
    assert machine.stat("/root/data") is not None
    assert machine.run(["greet.sh"]).stdout == "hello\n"
    assert machine.stat("/root/notes/note.txt").mode & 0o777 == 0o600

    assert labrun("next")[0] == 0
    code, said = labrun("next")
    assert code == 1
    assert "There is no /root/first yet." in said["tasks"][0]["summary"]

    _, solved = labrun("solve", "do-it")
    for command in (*solved["commands"], "touch /root/first"):
        machine.run(["bash", "-c", command])
    assert labrun("next")[0] == 0
