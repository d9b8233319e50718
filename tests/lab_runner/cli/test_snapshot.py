"""`labrun dev snapshot` of this machine, through `main`."""

import json

import pytest

from checks.snapshot.model import Change, Snapshot
from lab_runner.report import snapshot


@pytest.fixture
def earlier(report, tmp_path):
    """An earlier report, in which `root` was called `anna`."""
    _, found = report("dev", "snapshot")
    users = found["parts"]["users"]
    users["anna"] = users.pop("root")
    path = tmp_path / "before.json"
    path.write_text(json.dumps(found))
    return str(path)


def test_parts_are_listed_name_by_name(labrun):
    code, out, _ = labrun("dev", "snapshot")

    assert code == 0
    assert "\n\nusers\n  " in out
    assert "\n  root  0:0 " in out


def test_what_changed_since_an_earlier_report_is_shown(labrun, earlier):
    code, out, _ = labrun("dev", "snapshot", "--diff", earlier)

    assert code == 0
    assert "- users: anna  0:0 " in out
    assert "+ users: root  0:0 " in out


def test_changes_are_reported_as_json(report, earlier):
    _, found = report("dev", "snapshot", "--diff", earlier)

    (users,) = [each for each in found["changes"] if each["name"] == "anna"]
    assert users["before"].startswith("0:0 ")
    assert users["after"] is None
    assert "unseen" in found


@pytest.mark.parametrize(
    "content",
    [
        None,
        "",
        "[]",
        "{}",
        '{"parts": 3, "unseen": {}}',
        '{"parts": {"users": []}, "unseen": {}}',
        '{"parts": {"users": {"anna": 1000}}, "unseen": {}}',
    ],
)
def test_what_is_no_snapshot_cannot_be_compared_with(labrun, tmp_path, content):
    path = tmp_path / "before.json"
    if content is not None:
        path.write_text(content)

    code, _, err = labrun("dev", "snapshot", "--diff", str(path))

    assert code == 2
    assert f"`{path}` cannot be compared with" in err
    assert f"labrun dev snapshot --json > {path}" in err


def test_what_could_not_be_seen_is_said_after_the_parts():
    found = Snapshot({"groups": {}, "users": {"ben": "1000"}}, {"docker": "asleep"})

    assert snapshot.text(found) == (
        "groups\n  none\n\nusers\n  ben  1000\n\nNot seen: docker: asleep"
    )


def test_a_change_is_a_line_whatever_a_machine_says():
    found = [
        Change("users", "a\x1b[2J", None, "b\nc"),
        Change("users", "anna", "1000", "1001"),
        Change("docker", "", "seen", "it is asleep"),
    ]

    assert snapshot.changes(found).splitlines() == [
        "+ users: a␛[2J  b␊c",
        "~ users: anna  1000 → 1001",
        "~ docker  seen → it is asleep",
    ]


def test_that_nothing_has_changed_is_said():
    assert snapshot.changes([]) == "Nothing has changed."
