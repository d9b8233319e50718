import pytest

from lab_runner.errors import MachineError
from lab_runner.machines.mirror import references
from lab_runner.machines.mirror.catalogue import Image, Order, Outcome
from lab_runner.machines.mirror.store import Entry
from lab_runner.report import mirror

NAME = references.parse("quay.io/team/app:1")
DIGEST = "sha256:" + "0123456789abcdef" * 4


def image(origin="added"):
    return Image(NAME, Entry(DIGEST, 0.0, origin), 3 << 20)


def outcome(status, source=""):
    return Outcome(Order(NAME, "added", source), status, image())


@pytest.mark.parametrize(
    ("origin", "labs", "why"),
    [
        ("added", (), "added"),
        ("added", ("runc",), "added, lab runc"),
        ("asked", ("runc", "ctr"), "lab runc, lab ctr"),
        ("asked", (), "a lab"),
        ("pulled", (), "pulled through"),
        ("shipped", (), "shipped"),
    ],
)
def test_the_table_says_why_an_image_is_there(origin, labs, why):
    table = mirror.table([image(origin)], {str(NAME): labs})

    line = table.splitlines()[1]
    assert line.startswith("quay.io/team/app:1  sha256:0123456789ab  3.0 MiB  ")
    assert line.endswith(why)


def test_without_images_the_table_says_how_to_add_one():
    assert "labrun machine mirror add" in mirror.table([], {})


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("fetched", "fetched, 3.0 MiB"),
        ("moved", "its tag has moved: fetched again, 3.0 MiB"),
        ("current", "up to date"),
        ("kept", "kept as it was added from oci:usb"),
    ],
)
def test_each_outcome_is_a_sentence(status, said):
    found = mirror.line(outcome(status, "oci:usb"))

    assert found == f"quay.io/team/app:1: {said}"


def test_a_failure_is_quoted_without_terminal_escapes():
    failure = MachineError("quay.io said \x1b[31mno")

    found = mirror.line(Outcome(Order(NAME, "added"), "failed", failure=failure))

    assert "\x1b" not in found
    assert found.startswith("quay.io/team/app:1: quay.io said ")


def test_json_names_all_that_is_known_of_an_image():
    assert mirror.fields(image(), ["runc"]) == {
        "name": "quay.io/team/app:1",
        "digest": DIGEST,
        "size": 3 << 20,
        "fetched": "1970-01-01T00:00:00+00:00",
        "origin": "added",
        "source": "",
        "labs": ["runc"],
    }


def test_json_of_a_failure_has_its_message_and_no_image():
    failed = Outcome(Order(NAME, "added"), "failed", failure=MachineError("no"))

    assert mirror.outcome_fields(failed) == {
        "name": "quay.io/team/app:1",
        "status": "failed",
        "digest": None,
        "size": None,
        "message": "no",
    }
