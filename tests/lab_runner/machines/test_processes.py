import subprocess
from dataclasses import replace

import pytest

from lab_runner.machines.processes import Process


@pytest.fixture
def sleeper():
    with subprocess.Popen(["sleep", "60"]) as running:
        yield running
        running.kill()


def test_a_running_process_is_alive_until_it_is_killed(sleeper):
    process = Process.of(sleeper.pid)

    assert process.alive
    process.kill()
    assert process.ended()


def test_a_zombie_is_not_alive(sleeper):
    process = Process.of(sleeper.pid)
    sleeper.kill()

    assert process.ended()  # and nobody has waited for it yet
    assert not process.alive


def test_waiting_for_the_end_gives_up(sleeper):
    assert not Process.of(sleeper.pid).ended(within=0.01)


@pytest.mark.parametrize("change", [{"born": 1}, {"boot": "another"}])
def test_another_process_with_the_same_number_is_left_alone(sleeper, change):
    stranger = replace(Process.of(sleeper.pid), **change)

    stranger.kill()

    assert not stranger.alive
    assert stranger.ended()
    assert Process.of(sleeper.pid).alive


def test_a_process_that_is_gone_can_be_killed_again(sleeper):
    process = Process.of(sleeper.pid)
    sleeper.kill()
    sleeper.wait()

    process.kill()

    assert process.ended()


def test_the_child_of_a_process_is_found():
    argv = ["sh", "-c", "sleep 60 & echo $!; wait"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as shell:
        child = int(shell.stdout.readline())

        assert Process.of(shell.pid).child == Process.of(child)
        Process.of(child).kill()


def test_a_process_without_children_has_no_child(sleeper):
    assert Process.of(sleeper.pid).child is None
