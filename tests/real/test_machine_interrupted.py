"""Whatever ends `up` half-way, and whoever else is at it: nothing is left."""

import json
import signal

import pytest
from machines import begin, labrun, listed, traces, wait_for

pytestmark = pytest.mark.real

# What appears on disk one after the other while a machine comes up.
MOMENTS = [
    "locks/machine-m",
    "network.json",
    "machines/m",
    "machines/m/machine.json",
    "machines/m/disk.img",
    "machines/m/etc/hosts",
    "machines/m/console.log",
    "machines/m/notify",
    "mirror.json",
]


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
)
def test_an_interrupted_up_leaves_nothing(own_folder, moment, number, code):
    running = begin("up", "m")
    wait_for(own_folder / moment)
    running.send_signal(number)
    _, err = running.communicate()

    assert running.returncode == code
    assert "Traceback" not in err
    assert traces(own_folder) == []


@pytest.mark.parametrize("moment", MOMENTS)
def test_what_a_killed_labrun_left_is_gone_after_list(own_folder, moment):
    running = begin("up", "m")
    wait_for(own_folder / moment)
    running.kill()
    running.communicate()

    assert listed() == []
    assert traces(own_folder) == []


def test_what_a_killed_labrun_left_is_no_hindrance_to_the_next_up(own_folder):
    running = begin("up", "m")
    wait_for(own_folder / "machines/m/notify")
    running.kill()
    running.communicate()

    assert labrun("up", "m")[0] == 0
    assert [machine["state"] for machine in listed()] == ["running"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_build_leaves_nothing_but_its_downloads(own_folder, number):
    for image in (own_folder / "images").iterdir():
        image.unlink()
    running = begin("build")
    wait_for(own_folder / "images")
    wait_for(next(iter(_building(own_folder))) / "tree/var/lib/dpkg")
    running.send_signal(number)
    running.communicate()

    assert listed() == []
    assert traces(own_folder) == []


def _building(root):
    while not (found := list((root / "images").glob(".*"))):
        pass
    return found


def test_two_at_once_for_one_name_give_one_machine_and_one_clear_error(own_folder):
    both = [begin("up", "m"), begin("up", "m")]
    ends = sorted((run.communicate()[1], run.returncode) for run in both)

    assert sorted(code for _, code in ends) in ([0, 2], [0, 3])
    refusal = next(err for err, code in ends if code)
    assert "machine `m`" in refusal
    assert [machine["name"] for machine in listed()] == ["m"]


def test_two_names_at_once_give_two_machines(own_folder):
    both = [begin("up", "one", "--json"), begin("up", "two", "--json")]
    outs = [run.communicate()[0] for run in both]

    addresses = {json.loads(out)["machines"][0]["address"] for out in outs}
    assert len(addresses) == 2
    assert labrun("down", "--all")[0] == 0
    assert traces(own_folder) == []
