import json

import pytest

from lab_runner import facts

FOUND = {
    "pid": 7,
    "labels": {"app": "web", "org.opencontainers.image.version": "1.2"},
    "checks": [{"kind": "package", "facts": {"version": "1.6"}}],
}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pid", 7),
        ("labels.app", "web"),
        ("labels.org.opencontainers.image.version", "1.2"),
        ("checks.0.facts.version", "1.6"),
        ("checks.1.facts.version", None),
        ("checks.-1", None),
        ("labels.nothing", None),
        ("pid.more", None),
        ("nothing", None),
    ],
)
def test_a_dotted_name_leads_to_a_fact(name, value):
    assert facts.find(FOUND, name) == value


def test_facts_that_are_small_are_kept_whole():
    assert facts.bounded(FOUND) == FOUND


@pytest.mark.parametrize(
    "huge",
    ["x" * 99_999, ["x"] * 99_999, {str(n): "x" for n in range(9999)}, [["x"] * 9999]],
)
def test_of_facts_that_are_too_large_the_ends_are_left_out(huge):
    kept = facts.bounded({"pid": 7, "huge": huge})

    assert len(json.dumps(kept)) <= facts.LIMIT
    assert kept["pid"] == 7
    assert kept["huge"]
