import json

from checks.verdict import Status, failed, passed


def test_there_are_four_outcomes():
    assert [status.value for status in Status] == [
        "passed",
        "failed",
        "error",
        "skipped",
    ]


def test_a_pass_carries_what_was_observed():
    verdict = passed("`runc` is installed", {"name": "runc"})

    assert verdict.status is Status.PASSED
    assert verdict.summary == "`runc` is installed"
    assert json.dumps(verdict.facts) == '{"name": "runc"}'


def test_a_failure_carries_expectation_and_remedy():
    verdict = failed(
        "`runc` is not installed",
        expected="1.1",
        actual="none",
        hint="apt install runc",
    )

    assert verdict.status is Status.FAILED
    assert (verdict.expected, verdict.actual) == ("1.1", "none")
    assert verdict.hint == "apt install runc"
    assert verdict.facts == {}
