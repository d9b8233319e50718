import time
from dataclasses import dataclass

import pytest
from samples import task

from checks import registry
from checks.doors.machine import Local
from checks.errors import NotPermitted, Unreachable
from checks.verdict import Status, Verdict, failed, passed
from lab_runner import engine
from lab_runner.errors import MachineError


@dataclass(frozen=True, slots=True)
class Scripted:
    """A kind that does what its subject says."""

    scripted: str

    def run(self, machine):
        match self.scripted:
            case "raise":
                return 1 / 0
            case "denied":
                raise NotPermitted("`x` may not be read", "run with `sudo`")
            case "nothing":
                return None
            case "surrogates":
                return failed("log: \ud800", facts={"names": ["a\udcff"], "pid": 7})
            case "surrogates in an error":
                raise NotPermitted("`\udcff` may not be read")
            case "surrogates in a crash":
                raise ValueError("\udcff")
            case "hang":
                time.sleep(60)
            case "third time":
                tries = machine.keep("tries", Tries)
                tries.count += 1
                return passed("yes") if tries.count == 3 else failed("not yet")
            case "never":
                return failed("no")
        return passed("yes")


class Tries:
    count = 0

    def close(self):
        pass


@pytest.fixture
def machine(monkeypatch):
    monkeypatch.setitem(registry.KINDS, "scripted", f"{__name__}:Scripted")
    monkeypatch.setattr(registry, "load", lambda kind: Scripted)
    opened = Local()
    yield lambda _: opened
    opened.close()


def run(machine, does, **fields):
    made = task("t", kind="scripted", spec={"scripted": does}, **fields)
    return engine.run([made], machine)[0]


def test_a_verdict_passes_through(machine):
    assert run(machine, "pass").verdict == passed("yes")


def test_what_a_check_raises_unexpectedly_is_an_error_with_its_trace(machine):
    result = run(machine, "raise")

    assert result.verdict.status is Status.ERROR
    assert "division by zero" in result.verdict.summary
    assert "ZeroDivisionError" in result.trace


def test_a_check_error_says_what_to_do(machine):
    verdict = run(machine, "denied").verdict

    assert verdict == Verdict(
        Status.ERROR, "`x` may not be read", hint="run with `sudo`"
    )


def test_no_verdict_is_an_error(machine):
    assert run(machine, "nothing").verdict.status is Status.ERROR


def test_what_no_file_can_hold_is_taken_out_of_a_verdict(machine):
    verdict = run(machine, "surrogates").verdict

    assert verdict.summary == "log: \ufffd"
    assert verdict.facts == {"names": ["a\ufffd"], "pid": 7}


def test_errors_of_checks_can_be_written_too(machine):
    refused = run(machine, "surrogates in an error").verdict
    crashed = run(machine, "surrogates in a crash")

    assert refused.summary == "`\ufffd` may not be read"
    assert crashed.verdict.summary.endswith("itself failed: \ufffd")
    assert "ValueError: \ufffd" in crashed.trace


def test_a_broken_spec_is_an_error(machine):
    made = task("t", kind="scripted", spec={"scripted": "x", "colour": "red"})

    verdict = engine.run([made], machine)[0].verdict

    assert verdict.status is Status.ERROR
    assert "Unknown key `colour`" in verdict.summary


def test_a_check_that_never_ends_is_left_behind(machine, monkeypatch):
    monkeypatch.setattr(engine, "GRACE", 0.05)

    verdict = run(machine, "hang", timeout=0.1).verdict

    assert verdict.status is Status.ERROR
    assert "did not end within 0.1 s" in verdict.summary


def test_within_tries_again_until_it_holds(machine):
    assert run(machine, "third time", within=10).verdict.status is Status.PASSED


def test_without_within_there_is_one_try(machine):
    assert run(machine, "third time").verdict.status is Status.FAILED


def test_within_ends(machine):
    assert run(machine, "never", within=0.3).verdict.status is Status.FAILED


def test_patient_tasks_wait_side_by_side(machine):
    made = [
        task(name, kind="scripted", spec={"scripted": "never"}, within=0.5)
        for name in "abcdefgh"
    ]
    began = time.monotonic()

    results = engine.run(made, machine)

    assert [r.task.id for r in results] == list("abcdefgh")
    assert time.monotonic() - began < 8 * 0.5


def test_each_final_result_is_reported_once(machine):
    heard = []
    made = [
        task("late", kind="scripted", spec={"scripted": "third time"}, within=10),
        task("now", kind="scripted", spec={"scripted": "pass"}),
    ]

    engine.run(made, machine, heard.append)

    assert [r.task.id for r in heard] == ["now", "late"]


def test_each_task_is_checked_on_the_machine_it_names(machine):
    asked = []

    def door_of(name):
        asked.append(name)
        return machine(name)

    made = [task("t", "scripted", {"scripted": "pass"}, machine=m) for m in ("", "db")]
    engine.run(made, door_of)

    assert asked == ["", "db"]


@pytest.mark.parametrize("error", [MachineError, Unreachable])
def test_a_machine_that_cannot_be_reached_leaves_other_machines_alone(machine, error):
    def door_of(name):
        if name:
            raise error(f"machine `{name}` is not running", "labrun machine up")
        return machine(name)

    made = [
        task(f"t{n}", "scripted", {"scripted": "pass"}, machine=m)
        for n, m in enumerate(("", "db", ""))
    ]
    verdicts = [result.verdict for result in engine.run(made, door_of)]

    assert [v.status.value for v in verdicts] == ["passed", "error", "passed"]
    assert verdicts[1].summary == "Machine `db` is not running"
    assert verdicts[1].hint == "labrun machine up"


def needing(*pairs):
    return [
        task(name, "scripted", {"scripted": does}, needs=tuple(needs), within=within)
        for name, does, needs, within in pairs
    ]


@pytest.mark.parametrize(
    ("does", "status", "end"),
    [
        ("pass", Status.PASSED, None),
        ("never", Status.SKIPPED, "does not hold yet"),
        ("denied", Status.SKIPPED, "could not be told"),
    ],
)
def test_a_task_waits_for_what_it_needs_wherever_it_stands(machine, does, status, end):
    made = needing(("s/a", "pass", ["s/b"], 0), ("s/b", does, [], 0))

    first = engine.run(made, machine)[0].verdict

    assert first.status is status
    assert first.summary == (f"Waits for `s/b`, which {end}" if end else "yes")


def test_a_task_is_looked_at_once_a_patient_one_holds(machine):
    made = needing(("s/a", "third time", [], 10), ("s/b", "pass", ["s/a"], 0))

    results = engine.run(made, machine)

    assert [r.verdict.status for r in results] == [Status.PASSED] * 2


def test_what_needs_a_skipped_task_is_skipped_without_a_retry(machine):
    made = needing(
        ("s/a", "never", [], 0), ("s/b", "pass", ["s/a"], 60), ("s/c", "x", ["s/b"], 60)
    )

    assert engine.run(made, machine)[2].verdict == Verdict(
        Status.SKIPPED, "Waits for `s/b`, which waits itself"
    )


def test_a_need_of_another_step_is_asked_for(machine):
    made = needing(("s/a", "pass", ["before"], 0))

    (found,) = engine.run(made, machine, status_of=lambda need: Status.FAILED)

    assert found.verdict.summary == "Waits for step `before`, which does not hold yet"
