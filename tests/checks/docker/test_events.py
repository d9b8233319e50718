import json
import time
from datetime import UTC, datetime

import pytest

from checks import spec
from checks.docker.events import KEPT
from checks.errors import CheckError, SpecError
from checks.event import Event
from checks.verdict import Status

HOUR = 3600
BEGAN = time.time() - 2.5 * HOUR
BEFORE, SINCE = BEGAN - HOUR, BEGAN + HOUR


class Shown:
    """A witness that knows only when the step began."""

    since = BEGAN


def told(kind="container", action="die", when=SINCE, **attributes):
    attributes = attributes or {"name": "web", "exitCode": "3"}
    actor = {"ID": "2fe9", "Attributes": attributes}
    return {"Type": kind, "Action": action, "Actor": actor, "timeNano": int(when * 1e9)}


@pytest.fixture
def judged(engine, machine):
    """`judged(*events, **entry)` asks a daemon that knows these events."""

    def judge(*events, started=BEFORE, ahead=0.0, daemon="dockerd", **entry):
        now = time.time() + ahead
        system_time = datetime.fromtimestamp(now, UTC).isoformat()
        until = datetime.fromisoformat(system_time).timestamp()
        lines = "\n".join(json.dumps(each) for each in events).encode()
        engine.answers["/info"] = (200, {"SystemTime": system_time})
        engine.answers[f"/events?since=0&until={until:.6f}"] = (200, lines)
        machine._files = proc(time.time() - started, daemon)
        machine._folders = {"/proc": ["1", "7"]}
        machine.witness = Shown()
        entry = {"event": "container/die", "source": "docker", **entry}
        return spec.build("event", Event, entry).run(machine)

    return judge


def proc(age, name):
    """/proc of a machine whose process 7 is of this age in seconds."""
    files = {"/proc/uptime": b"1000000.0 0"}
    for pid, comm in (("1", "init"), ("7", name)):
        files[f"/proc/{pid}/comm"] = comm.encode()
        files[f"/proc/{pid}/cmdline"] = comm.encode()
        files[f"/proc/{pid}/status"] = b"State:\tS\nPPid:\t1\nUid:\t0\t0\t0\t0\n"
        began = int((1_000_000 - age) * 100)
        zeros = "0 " * 18
        files[f"/proc/{pid}/stat"] = f"{pid} ({comm}) S {zeros}{began} 0".encode()
    return files


def test_what_docker_tells_since_the_step_began_passes(judged):
    verdict = judged(told(), fields={"name": "web", "exitCode": "3"})

    assert verdict.status is Status.PASSED
    assert verdict.summary.startswith("Event `container/die` with id `2fe9`")
    assert verdict.facts["source"] == "docker"
    assert verdict.facts["fields"] == {"id": "2fe9", "name": "web", "exitCode": "3"}


def test_a_result_behind_a_colon_is_a_detail(judged):
    sick = told(action="health_status: unhealthy")

    verdict = judged(
        sick, event="container/health_status", fields={"detail": "unhealthy"}
    )

    assert verdict.status is Status.PASSED


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([], "since the step began"),
        ([told(name="api")], ", only one with name `api`"),
        ([told(action="start")], ", only `container/start` with name `web`"),
        ([told(when=BEFORE)], "; it happened before, 3 hours ago"),
    ],
)
def test_a_near_miss_is_told(judged, events, said):
    verdict = judged(*events, fields={"name": "web"})

    assert verdict.status is Status.FAILED
    assert verdict.summary.endswith(said)


def test_an_unwanted_event_that_docker_would_know_of_did_not_happen(judged):
    assert judged(exists="false").status is Status.PASSED


def test_a_daemon_whose_clock_is_ahead_is_understood(judged):
    early = told(when=BEFORE + 10 * HOUR)

    assert judged(early, ahead=10 * HOUR).status is Status.FAILED
    assert judged(told(when=SINCE + 10 * HOUR), ahead=10 * HOUR).status is Status.PASSED


def test_what_a_daemon_knew_that_has_ended_is_not_guessed(judged):
    with pytest.raises(CheckError, match="started 1 hour ago, after the step began"):
        judged(started=SINCE, exists="false")


def test_what_newer_events_have_pushed_out_is_not_guessed(judged):
    with pytest.raises(CheckError, match="knows only its 256 newest events"):
        judged(*[told(action="start")] * KEPT)


def test_a_full_memory_that_reaches_back_to_the_step_is_enough(judged):
    events = [told(when=BEFORE, name="api"), *[told(action="start")] * KEPT]

    assert judged(*events).status is Status.FAILED


def test_a_daemon_that_is_not_seen_is_not_taken_for_an_old_one(judged):
    with pytest.raises(CheckError, match="cannot be seen"):
        judged(daemon="other")


@pytest.mark.parametrize("topic", ["die", "/tasks/exit", "contaner/die", "container/"])
def test_what_docker_never_tells_is_the_authors_error(topic):
    with pytest.raises(SpecError, match="no type and action of Docker's"):
        Event(topic, source="docker")


def test_docker_has_no_namespaces():
    with pytest.raises(SpecError, match="have none"):
        spec.build(
            "event",
            Event,
            {"event": "container/die", "source": "docker", "namespace": "x"},
        )
