import pytest

from lab_runner.machines.state import MachineRecord
from lab_runner.model import MachineSpec
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
    records = [record("lab"), record("a-longer-name", packages=("containerd", "jq"))]

    assert machine.table(records, now=1042.0).splitlines() == [
        "NAME           STATE    UP    ADDRESS     IMAGE      PACKAGES",
        "lab            running  42 s  10.213.0.2  debian-12  -",
        "a-longer-name  running  42 s  10.213.0.2  debian-12  containerd jq",
    ]


def test_without_machines_the_list_says_how_to_start_one():
    assert "labrun machine up lab" in machine.table([], now=0.0)


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


def test_json_has_the_facts_of_a_machine():
    assert machine.fields(record("lab", packages=("jq",)), now=1042.4) == {
        "name": "lab",
        "state": "running",
        "image": "debian-12",
        "packages": ["jq"],
        "address": "10.213.0.2",
        "pid": None,
        "created": "1970-01-01T00:16:40+00:00",
        "uptime": 42,
    }
