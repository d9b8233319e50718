"""Machines by the hundred, and runners killed at any moment: nothing is left."""

import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from machines import begin, labrun, listed, traces

from lab_runner.machines import lifecycle
from lab_runner.model import MachineSpec

pytestmark = pytest.mark.real

LANES = 4


def test_nothing_is_left_of_a_hundred_machines(own_folder):
    def come_and_go(lane):
        for number in range(100 // LANES):
            name = f"m-{lane}-{number}"
            lifecycle.up(name, MachineSpec(), print)
            lifecycle.down(name)

    with ThreadPoolExecutor(LANES) as lanes:
        list(lanes.map(come_and_go, range(LANES)))

    assert listed() == []
    assert traces(own_folder) == []


@pytest.mark.parametrize("round_", range(10))
def test_nothing_is_left_of_runners_that_were_killed(own_folder, round_):
    # Half of the machines are there already, and are taken down when the kill comes.
    for name in ("down-1", "down-2"):
        lifecycle.up(name, MachineSpec(), print)
    chance = random.Random(round_)
    runners = [begin("up", f"up-{number}") for number in range(3)]
    runners += [begin("down", f"down-{number}") for number in (1, 2)]
    for runner in runners:
        time.sleep(chance.uniform(0, 0.4))
        runner.kill()
        runner.communicate()

    # What had come up before its runner was killed is a machine like any other.
    assert {machine["state"] for machine in listed()} <= {"running"}
    assert labrun("down", "--all")[0] == 0
    assert traces(own_folder) == []
