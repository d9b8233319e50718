import time
from dataclasses import dataclass, field

import pytest

from checks.errors import CheckError, SpecError
from checks.event import Event
from checks.matchers import equals
from checks.testing import FakeMachine
from checks.verdict import Status

HOUR = 3600
BEGAN = time.time() - 2.5 * HOUR
BEFORE, SINCE = BEGAN - HOUR, BEGAN + HOUR
EXIT = {"container_id": "web", "exit_status": 3}


@dataclass
class Told:
    """A witness that was told these records."""

    records: list | None = field(default_factory=list)
    since: float = BEGAN

    def witnessed(self, kind):
        assert kind == "event"
        return self.records


def mark(when=BEFORE, reason=""):
    told = {"time": when, "source": "containerd", "address": ""}
    return {**told, "watching": not reason, "reason": reason}


def event(topic="/tasks/exit", when=SINCE, namespace="default", address="", **fields):
    return {
        "time": when,
        "source": "containerd",
        "address": address,
        "namespace": namespace,
        "topic": topic,
        "fields": fields or EXIT,
    }


def judged(*records, check=None):
    machine = FakeMachine()
    machine.witness = Told(list(records))
    return (check or Event("/tasks/exit")).run(machine)


def test_what_happened_since_the_step_began_passes():
    verdict = judged(mark(), event())

    assert verdict.status is Status.PASSED
    assert verdict.summary == (
        "Event `/tasks/exit` with container_id `web` and exit_status `3`"
        " happened 1 hour ago"
    )
    assert tuple(verdict.facts) == Event.FACTS


def test_what_happened_counts_although_nobody_watches_any_more():
    assert judged(event()).status is Status.PASSED


def test_fields_and_namespace_must_match():
    fields = {"container_id": equals("web"), "exit_status": equals("3")}
    check = Event("/tasks/exit", namespace=equals("default"), fields=fields)

    assert judged(mark(), event(), check=check).status is Status.PASSED


def test_an_event_of_another_container_is_told():
    check = Event("/tasks/exit", fields={"container_id": equals("api")})

    verdict = judged(mark(), event(), check=check)

    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        "No event `/tasks/exit` with container_id api since the step began,"
        " only one with container_id `web`"
    )


def test_an_event_in_another_namespace_is_told():
    check = Event("/tasks/exit", namespace=equals("k8s.io"))

    verdict = judged(mark(), event(), check=check)

    assert verdict.summary.endswith(", only one with namespace `default`")


def test_what_happened_before_the_step_is_told_and_does_not_count():
    verdict = judged(mark(BEFORE - 9), event(when=BEFORE))

    assert verdict.status is Status.FAILED
    assert verdict.summary.endswith("; it happened before, 3 hours ago")


def test_a_topic_much_like_what_happened_is_suggested():
    verdict = judged(mark(), event("/tasks/exits"))

    assert verdict.summary.endswith(", did you mean `/tasks/exits`?")


def test_an_unwanted_event_that_happened_fails():
    verdict = judged(mark(), event(), check=Event("/tasks/exit", exists=False))

    assert verdict.status is Status.FAILED


def test_an_unwanted_event_that_provably_did_not_happen_passes():
    verdict = judged(mark(), check=Event("/tasks/exit", exists=False))

    assert verdict.status is Status.PASSED


@pytest.mark.parametrize("exists", [True, False])
@pytest.mark.parametrize(
    ("records", "why"),
    [
        ([], "nobody watches"),
        ([mark(SINCE)], "since 1 hour ago, and the step began before"),
        ([mark(), mark(SINCE, "run with sudo")], "cannot be watched: run with sudo"),
    ],
)
def test_what_nobody_saw_is_neither_passed_nor_failed(records, why, exists):
    with pytest.raises(CheckError, match=why) as caught:
        judged(*records, check=Event("/tasks/exit", exists=exists))

    assert "labrun shell" in caught.value.remedy


def test_events_of_another_containerd_are_not_taken_for_those_asked():
    with pytest.raises(CheckError):
        judged(mark(), event(), check=Event("/tasks/exit", address="k3s"))


def test_outside_a_lab_nobody_can_tell():
    with pytest.raises(CheckError, match="of a step that was shown"):
        Event("/tasks/exit").run(FakeMachine())


def test_a_topic_of_another_source_is_the_authors_error():
    with pytest.raises(SpecError, match="is no topic of containerd"):
        Event("container/die")
