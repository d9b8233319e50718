import json
from dataclasses import dataclass

import pytest

from checks import registry, spec
from checks.combine.parts import LEFT_OUT
from checks.errors import NotPermitted
from checks.verdict import Status, failed, passed

P, F, E = Status.PASSED, Status.FAILED, Status.ERROR


@dataclass(frozen=True, slots=True)
class One:
    """A kind whose subject says what becomes of it."""

    one: str

    def run(self, machine):
        match self.one:
            case "fails":
                return failed("`x` is gone", actual="gone", hint="get x")
            case "unknown":
                raise NotPermitted("`x` may not be read", "run with `sudo`")
            case "heavy":
                return passed("`x` is heavy", {"log": "x" * 9000})
            case "never":
                raise AssertionError("this check was not needed")
        return passed("`x` is there.", {"pid": 7})


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    monkeypatch.setitem(registry.KINDS, "one", f"{__name__}:One")
    real = registry.load
    monkeypatch.setattr(registry, "load", lambda k: One if k == "one" else real(k))


def run(kind, *does):
    ones = [{"one": each} for each in does]
    entry = {kind: ones[0] if kind == "not" else ones}
    return spec.build(kind, registry.load(kind), entry).run(None)


@pytest.mark.parametrize(
    ("kind", "does", "status", "summary", "hint"),
    [
        ("any", ["fails", "holds", "never"], P, "`x` is there.", ""),
        ("any", ["unknown", "holds"], P, "`x` is there.", ""),
        ("any", ["fails"], F, "`x` is gone", "get x"),
        (
            "any",
            ["fails", "fails"],
            F,
            "None of these holds: `x` is gone; `x` is gone",
            "get x",
        ),
        ("any", ["fails", "unknown"], E, "`x` may not be read", "run with `sudo`"),
        ("all", ["holds", "holds"], P, "`x` is there; `x` is there", ""),
        ("all", ["holds", "fails", "never"], F, "`x` is gone", "get x"),
        ("all", ["unknown", "fails"], F, "`x` is gone", "get x"),
        ("all", ["unknown", "holds"], E, "`x` may not be read", "run with `sudo`"),
        ("not", ["fails"], P, "`x` is gone", ""),
        ("not", ["holds"], F, "This must not be so: `x` is there", ""),
        ("not", ["unknown"], E, "`x` may not be read", "run with `sudo`"),
    ],
)
def test_what_becomes_of_checks_together(kind, does, status, summary, hint):
    verdict = run(kind, *does)

    assert verdict.status is status
    assert (verdict.summary, verdict.hint) == (summary, hint)


def test_the_first_failure_of_all_is_told_as_it_tells_itself():
    assert run("all", "fails").actual == "gone"


def test_facts_of_each_check_that_ran_are_kept():
    seen = run("any", "fails", "holds", "never").facts["checks"]

    assert [each["status"] for each in seen] == ["failed", "passed"]
    assert seen[1] == {
        "kind": "one",
        "status": "passed",
        "summary": "`x` is there.",
        "facts": {"pid": 7},
    }


def test_facts_of_what_must_not_be_so_are_kept():
    assert run("not", "holds").facts["check"]["facts"] == {"pid": 7}


def test_facts_end_where_they_are_too_many():
    facts = run("all", *["heavy"] * 5).facts

    assert facts["checks"][1]["facts"] == LEFT_OUT
    assert len(json.dumps(facts)) < 16 << 10
