from dataclasses import replace
from datetime import UTC, datetime

import pytest
from samples import lab, result, step, task

from checks.verdict import Status
from lab_runner.report import json
from lab_runner.withholding import is_over, shown

SECRET = task("t", title="A secret", hidden=True, hint="the way", points=5)
TOLD = {"summary": "the reason", "actual": "x", "hint": "mend it", "facts": {"pid": 7}}
PAST, FUTURE = "2001-01-01T00:00:00+00:00", "2901-01-01T00:00:00+00:00"


def report(status, **fields):
    (seen,) = shown([result(SECRET, status, **TOLD)], lab(step("s"), **fields))
    return json.task(seen, step("s"))


@pytest.mark.parametrize("fields", [{}, {"deadline": FUTURE}])
@pytest.mark.parametrize("status", [Status.PASSED, Status.FAILED])
def test_of_a_hidden_task_only_name_points_and_status_are_told(status, fields):
    told = report(status, **fields)

    assert (told["title"], told["points"]) == ("A secret", 5)
    assert told["status"] == status.value
    assert told["withheld"]
    for key in ("summary", "expected", "actual", "hint", "facts"):
        assert not told[key]


def test_after_the_deadline_everything_is_told():
    told = report(Status.FAILED, deadline=PAST)

    assert (told["summary"], told["hint"]) == ("the reason", "the way")
    assert told["facts"] == {"pid": 7}


@pytest.mark.parametrize("status", [Status.ERROR, Status.SKIPPED])
def test_what_kept_a_hidden_task_from_being_looked_at_is_told(status):
    assert report(status)["summary"] == "the reason"


def test_what_is_not_hidden_stays_as_it_is():
    seen = result(replace(SECRET, hidden=False), **TOLD)

    assert shown([seen], lab(step("s"))) == [seen]


def test_a_deadline_is_a_moment():
    one = lab(step("s"), deadline="2027-03-01T17:00:00+00:00")

    assert not is_over(one, datetime(2027, 3, 1, 16, 59, tzinfo=UTC))
    assert is_over(one, datetime(2027, 3, 1, 17, 0, tzinfo=UTC))
