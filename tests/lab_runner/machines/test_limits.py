import pytest

from lab_runner.errors import MachineError
from lab_runner.machines import hierarchies, limits
from lab_runner.model import Limits

ASKED = Limits(memory=1 << 30, processes=500, cpus=0.5, disk=5 << 30)
ALL = {"memory", "pids", "cpu"}
# What a group has before anything is limited.
VERSION_1 = {
    "memory.limit_in_bytes": "9223372036854771712",
    "memory.memsw.limit_in_bytes": "9223372036854771712",
    "pids.max": "max",
    "cpu.cfs_quota_us": "-1",
}
VERSION_2 = {
    "memory.max": "max",
    "memory.swap.max": "max",
    "pids.max": "max",
    "cpu.max": "max 100000",
}


def group_of(path, files):
    for name, text in files.items():
        (path / name).write_text(text)
    return path


def test_a_machine_gets_what_it_asks_for_and_a_default_else():
    granted = limits.granted(Limits(processes=500))

    assert granted.processes == 500
    assert 0 < granted.memory <= 2 << 30
    assert granted.disk == 10 << 30
    assert granted.cpus is None
    assert limits.granted(ASKED) == ASKED


@pytest.mark.parametrize(
    ("files", "then"),
    [
        (
            VERSION_1,
            {
                "memory.limit_in_bytes": "1073741824",
                "memory.memsw.limit_in_bytes": "1073741824",
                "pids.max": "500",
                "cpu.cfs_quota_us": "50000",
            },
        ),
        (
            VERSION_2,
            {
                "memory.max": "1073741824",
                "memory.swap.max": "0",
                "pids.max": "500",
                "cpu.max": "50000 100000",
            },
        ),
    ],
    ids=["version 1", "version 2"],
)
def test_limits_are_set_in_control_groups_of_both_versions(tmp_path, files, then):
    group = group_of(tmp_path, files)
    hierarchies.write(group, limits.settings(ASKED))

    assert {path.name: path.read_text() for path in group.iterdir()} == then
    assert limits.unheld(ASKED, [group], ALL) == {}


@pytest.mark.parametrize("files", [VERSION_1, VERSION_2, {}])
def test_a_limit_that_was_not_taken_does_not_hold(tmp_path, files):
    found = limits.unheld(ASKED, [group_of(tmp_path, files)], ALL - {"pids"})

    assert found == {
        "memory": "the controller `memory` cannot be used here",
        "processes": "this host has no control group controller `pids`",
        "cpus": "the controller `cpu` cannot be used here",
    }


def test_what_was_not_asked_for_is_no_limit_that_fails(tmp_path):
    assert limits.unheld(Limits(), [tmp_path], set()) == {}


def test_systemd_is_given_the_same_limits():
    assert limits.properties(ASKED) == [
        "--property=MemoryMax=1073741824",
        "--property=MemorySwapMax=0",
        "--property=TasksMax=500",
        "--property=CPUQuota=50%",
    ]
    assert limits.properties(Limits()) == []


@pytest.mark.parametrize(
    ("least", "words"),
    [("LEAST_DISK", "the disk of"), ("LEAST_MEMORY", "of memory left")],
)
def test_a_host_that_is_short_is_told_of_before_a_machine_is_begun(
    tmp_path, monkeypatch, least, words
):
    monkeypatch.setenv("LABRUN_MACHINE_DIR", str(tmp_path))
    monkeypatch.setattr(limits, "LEAST_DISK", 0)
    monkeypatch.setattr(limits, "LEAST_MEMORY", 0)
    limits.require_room()
    monkeypatch.setattr(limits, least, 1 << 60)

    with pytest.raises(MachineError, match=words):
        limits.require_room()
