"""`labrun dev infer --run`: a text tried on two lab machines."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from machines import until

from lab_runner.machines import state

pytestmark = pytest.mark.real

LABRUN = Path(sys.executable).parent / "labrun"
TEXT = Path(__file__).parents[1] / "fixtures" / "trying.md"


def began(pid):
    return [name for name in state.names() if name.startswith(f"try-{pid}-")]


def test_what_holds_what_does_not_and_what_was_only_seen_are_told_apart():
    argv = [LABRUN, "dev", "infer", "--run", "--json", str(TEXT)]
    run = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
    account, unit, editor = json.loads(run.communicate()[0])["tried"]
    found = {
        next(iter(each["fact"].items())): each["sureness"]
        for step in (account, unit)
        for each in step["findings"]
    }

    assert run.returncode == 1
    assert found["user", "anna"] == "certain"
    assert found["file", "/srv/by-script"] == "likely"
    assert found["service", "no-such-unit"] == "contradicted"
    assert [(each["exit"], each["line"]) for each in unit["failures"]] == [(5, 14)]
    assert "not typed" in editor["skipped"][0]
    assert began(run.pid) == []


def test_an_interrupt_leaves_no_machine():
    run = subprocess.Popen([LABRUN, "dev", "infer", "--run", str(TEXT)])
    until(lambda: len(began(run.pid)) == 2, "no machines are made")
    os.kill(run.pid, signal.SIGINT)

    assert run.wait() == 130
    assert began(run.pid) == []
