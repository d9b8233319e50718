from dataclasses import replace

import pytest

from lab_runner.machines.state import MachineRecord
from lab_runner.machines.usage import Usage
from lab_runner.model import Limits, MachineSpec
from lab_runner.report import machine


def record(name, packages=()):
    return MachineRecord(
        name,
        "running",
        MachineSpec(packages=packages),
        number=2,
        address="10.213.0.2",
        created=1000.0,
    )


def test_machines_are_listed_in_aligned_columns():
    taken = replace(
        record("a-longer-name", ("containerd", "jq")), lab="x", learner="ann"
    )
    machines = [
        (record("lab"), Usage()),
        (taken, Usage(memory=64 << 20, disk=3 << 29)),
    ]

    assert machine.table(machines, now=1042.0).splitlines() == [
        "NAME           STATE    UP    MEMORY  DISK     ADDRESS     LAB  LEARNER  IMAGE",
        "lab            running  42 s  -       -        10.213.0.2  -    -        debian-12",
        (
            "a-longer-name  running  42 s  64 MiB  1.5 GiB  10.213.0.2  x    ann      "
            "debian-12 + containerd + jq"
        ),
    ]


def test_without_machines_the_list_says_how_to_start_one():
    assert "labrun machine up lab" in machine.table([], now=0.0)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (None, "-"),
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 KiB"),
        (10 << 20, "10 MiB"),
        ((1 << 30) - 1, "1024 MiB"),
        (1 << 30, "1.0 GiB"),
    ],
)
def test_sizes_are_told_in_their_largest_unit(amount, text):
    assert machine.size(amount) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (59.4, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (4800, "1 h 20 min"),
        (90000, "1 d 1 h"),
    ],
)
def test_spans_of_time_are_told_in_what_is_of_interest(seconds, text):
    assert machine.duration(seconds) == text


def test_each_machine_that_was_started_can_be_entered():
    assert machine.started([record("one")], 0.5).splitlines() == [
        "Machine `one` is up (0.5 s). Enter it:",
        "  labrun machine shell one",
    ]
    assert machine.started([record("one"), record("two")], 0.5).splitlines() == [
        "Machines `one` and `two` are up (0.5 s). Enter them:",
        "  labrun machine shell one",
        "  labrun machine shell two",
    ]


def test_json_has_the_facts_of_a_machine():
    spec = MachineSpec(packages=("jq",), limits=Limits(1 << 30, 500, 0.5, 5 << 30))
    made = replace(record("lab"), spec=spec, unlimited={"disk": "no loop devices"})
    found = machine.fields(made, Usage(memory=7), now=1042.4)

    assert found == {
        "name": "lab",
        "state": "running",
        "host": "nspawn",
        "image": "debian-12",
        "packages": ["jq"],
        "address": "10.213.0.2",
        "network": "default",
        "group": "",
        "member": "",
        "lab": "",
        "learner": "",
        "memory": 7,
        "disk": None,
        "limits": {"memory": 1 << 30, "processes": 500, "cpus": 0.5, "disk": None},
        "pid": None,
        "created": "1970-01-01T00:16:40+00:00",
        "uptime": 42,
    }


def test_limits_that_do_not_hold_are_told_with_the_reason():
    made = replace(record("lab"), unlimited={"disk": "there is no `/dev/loop0`"})

    assert machine.unlimited(made) == (
        "machine `lab` is without some limits: disk: there is no `/dev/loop0`"
    )
    assert machine.unlimited(record("lab")) == ""
