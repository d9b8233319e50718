"""A lab with a client and a server, taken on machines of their own."""

import json
import subprocess
import sys
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from checks.doors.machine import Local
from checks.doors.terminal import Terminal
from lab_runner.machines import lifecycle

pytestmark = pytest.mark.real

LAB = str(Path(__file__).parents[1] / "fixtures" / "labs" / "client-and-server")
LABRUN = (sys.executable, "-m", "lab_runner")


def labrun(*argv):
    ran = subprocess.run([*LABRUN, *argv, "--json"], capture_output=True, text=True)
    return ran.returncode, json.loads(ran.stdout)


def statuses(report):
    return [task["status"] for task in report["tasks"]]


@pytest.fixture
def team(own_folder):
    """The machines `team-client` and `team-server`, with the lab started on them."""
    assert labrun("machine", "up", "team", "--lab", LAB)[0] == 0
    assert labrun("start", LAB, "--on", "team")[0] == 0


@pytest.fixture
def shells(team):
    """The lab's shells by machine: `shells["server"].run(command)` types one there."""
    with ExitStack() as undo:
        here = undo.enter_context(closing(Local()))

        def shell(name):
            argv = (*LABRUN, "shell", "--no-record", name)
            opened = Terminal(lambda: here.spawn(argv), (200, 120))
            return undo.enter_context(closing(opened))

        yield {name: shell(name) for name in ("client", "server")}


def solution(step):
    (command,) = labrun("solve", step)[1]["commands"]
    return command


def test_each_command_and_check_is_about_its_own_machine(shells):
    assert statuses(labrun("next")[1]) == ["failed", "failed", "passed"]

    shells["server"].run(solution("serve"))
    moved = shells["server"].run("labrun next")
    shells["client"].run(solution("hear"))

    assert moved.exit == 0
    assert "Step 2 of 2" in moved.output
    assert shells["client"].run("labrun answer socket listening").exit == 0
    assert "You have completed" in shells["client"].run("labrun next").output


def test_a_machine_that_is_gone_leaves_the_tasks_of_the_other(shells):
    shells["server"].run(solution("serve"))
    labrun("next")
    lifecycle.down("team-server")

    code, report = labrun("check", "serve")

    assert code == 3
    assert statuses(report) == ["error", "error", "passed"]
    assert report["tasks"][0]["summary"] == "There is no machine `team-server`"


def test_reset_makes_every_machine_new(shells):
    for name in ("client", "server"):
        shells[name].run("touch /root/mark")

    assert labrun("reset")[0] == 0

    doors = [lifecycle.find(f"team-{name}") for name in ("client", "server")]
    for door in doors:
        with closing(door):
            assert "mark" not in door.names("/root")
    with closing(lifecycle.find("team-client")) as client:
        assert client.run(["getent", "hosts", "server"]).exit == 0


def test_a_step_is_reached_by_doing_what_comes_before_on_each_machine(team):
    assert labrun("goto", "hear")[0] == 0

    assert statuses(labrun("check", "serve")[1]) == ["passed"] * 3


def test_the_demonstration_types_on_both(own_folder):
    ran = subprocess.run([*LABRUN, "demo", LAB], capture_output=True, text=True)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "root@server:~# echo" in ran.stdout
    assert "root@client:~# cat < /dev/tcp/server/7777" in ran.stdout
    assert "100 %  (5 of 5)" in ran.stdout
