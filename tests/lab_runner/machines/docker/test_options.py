from pathlib import Path

from lab_runner.machines.docker import options
from lab_runner.machines.state import MachineRecord
from lab_runner.model import Limits, MachineSpec


def given(limits=None, **fields):
    spec = MachineSpec(limits=limits or Limits())
    record = MachineRecord("m", "starting", spec, **fields)
    return options.of(record, Path("/machine"))


def test_a_machine_is_given_named_capabilities_and_never_all():
    found = [each for each in given() if "cap" in each or "privileged" in each]

    assert found == [
        "--cap-add=SYS_ADMIN",
        "--cap-add=NET_ADMIN",
        "--cap-add=SYS_PTRACE",
        "--cap-add=SYS_BOOT",
    ]


def test_a_machine_has_the_limits_that_its_lab_asks_for():
    found = given(Limits(memory=1 << 30, processes=500, cpus=1.5))

    assert {
        "--memory=1073741824",
        "--memory-swap=1073741824",
        "--shm-size=536870912",
        "--pids-limit=500",
        "--cpus=1.5",
    } <= set(found)


def test_a_machine_that_asks_for_no_processors_shares_them_all():
    assert not [each for each in given() if each.startswith("--cpus")]


def test_a_machine_of_several_has_the_name_that_its_lab_gives_it():
    assert "--hostname=web" in given(member="web")
