from pathlib import Path

from lab_runner.machines.prune import Waste
from lab_runner.report import prune

FOUND = [
    Waste("image", Path("/images/debian-12-0"), 400 << 20),
    Waste("download", Path("/downloads/ubuntu-24.04-0"), 3 << 30),
]


def test_what_was_removed_is_listed_with_the_space_that_gave():
    assert prune.text(FOUND, dry_run=False).splitlines() == [
        "KIND      NAME            SIZE",
        "image     debian-12-0     400 MiB",
        "download  ubuntu-24.04-0  3.0 GiB",
        "3.4 GiB reclaimed.",
    ]


def test_what_was_not_removed_is_not_said_to_be():
    assert prune.text(FOUND, dry_run=True).endswith("\n3.4 GiB could be reclaimed.")


def test_where_nothing_was_found_that_is_said():
    assert prune.text([], dry_run=False) == "There is nothing to remove."


def test_programs_get_bytes():
    assert prune.fields(FOUND[:1], dry_run=True) == {
        "removed": [{"kind": "image", "name": "debian-12-0", "size": 400 << 20}],
        "reclaimed": 400 << 20,
        "dry_run": True,
    }
