"""The shipped lab, taken on a booted lab machine through the installed command."""

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from checks.doors.machine import Local
from checks.doors.terminal import Terminal
from lab_runner import demo, session
from lab_runner.journal import Journal
from lab_runner.state import state_folder

LABRUN = Path(sys.executable).parent / "labrun"
LAB = "containerd-and-ctr"


def labrun(*argv):
    run = subprocess.run([LABRUN, *argv, "--json"], capture_output=True, text=True)
    return run.returncode, json.loads(run.stdout)


@pytest.mark.real
def test_each_step_fails_before_its_commands_and_passes_after(lab_machine):
    name, _ = lab_machine()
    assert labrun("start", LAB, "--on", name)[0] == 0

    with (
        closing(Journal(state_folder())) as journal,
        closing(session.current(journal)) as taken,
        closing(
            Terminal(lambda: Local().spawn([LABRUN, "shell"]), (200, 120))
        ) as shell,
    ):
        for step in taken.lab.steps:
            before = shell.run("labrun next", 60)
            assert before.exit != 0, f"{step.id} passes before anything was done"
            shown = ""
            for line in demo.typed_lines(taken, step):
                framed = shell.run(line.text, demo.SECONDS)
                shown += f"$ {line.text}\n{framed.output}\n"
            assert framed.exit == 0, f"{step.id} does not pass:\n{shown}"

    code, status = labrun("status")
    assert code == 0
    assert status["complete"] is True
    assert status["done"] == status["total"] > 20
