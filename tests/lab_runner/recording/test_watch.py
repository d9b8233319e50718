"""A containerd that tells events, and what is written down of them while it is watched."""

import time

import pytest

from checks.containerd.flavours import DISTRIBUTION
from checks.containerd.proto.events_pb2 import TaskExit
from checks.errors import NotPermitted
from checks.testing.containerd import ContainerdServer, machine
from lab_runner.model import Lab, Source, Step, Task
from lab_runner.recording import events, watch

EXIT = TaskExit(container_id="web", exit_status=3)


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch):
    monkeypatch.setenv("LABRUN_STATE_DIR", str(tmp_path / "state"))


@pytest.fixture
def containerd():
    with ContainerdServer() as server:
        yield server


def lab(entry=None):
    entry = entry or {"event": "/tasks/exit"}
    kind = next(iter(entry))
    here = Source("lab.md", 1)
    task = Task("t", "t", kind, entry, here, "digest")
    steps = (Step("s", "", "", here, tasks=(task,)),)
    return Lab("lab", "", "", steps, "digest", here)


def until(holds, seconds=10):
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end
        time.sleep(0.01)
    return found


def told():
    return [each for each in events.read("key", "fake") or () if "topic" in each]


def marks():
    return [each for each in events.read("key", "fake") or () if "watching" in each]


def watching(door, wanted=None):
    return watch.watching(wanted or lab(), "key", lambda _: "fake", lambda _: door)


def test_an_event_is_written_down_as_it_happens(containerd):
    with watching(containerd.machine):
        until(marks)
        containerd.happens("/tasks/exit", EXIT)
        (event,) = until(told)

    assert event["topic"] == "/tasks/exit"
    assert event["namespace"] == "default"
    assert event["fields"]["container_id"] == "web"
    assert event["fields"]["exit_status"] == 3


def test_what_happened_is_known_after_the_shell_and_that_nobody_watches(containerd):
    with watching(containerd.machine):
        until(marks)
        containerd.happens("/tasks/exit", EXIT)
        until(told)

    assert len(told()) == 1
    assert marks() == []


def test_a_containerd_that_is_not_there_yet_is_waited_for(containerd):
    door = machine({})

    with watching(door):
        (before,) = until(marks)
        door._sockets[DISTRIBUTION.address] = containerd.address
        until(lambda: containerd.server.calls)
        containerd.happens("/tasks/exit", EXIT)
        until(told)

        assert marks() == [before]


def test_a_socket_that_may_not_be_dialled_is_said_not_to_be_watched():
    denied = NotPermitted("it may not be dialled", "run with `sudo`")

    with watching(machine({DISTRIBUTION.address: denied})):
        (mark,) = until(marks)

    assert not mark["watching"]
    assert mark["reason"] == "it may not be dialled"


def test_a_lab_that_asks_for_no_events_is_not_watched(containerd):
    with watching(containerd.machine, lab({"container": "web"})):
        assert events.read("key", "fake") is None


def test_a_check_inside_another_is_watched_for():
    nested = {"any": [{"event": "/tasks/exit", "address": "k3s"}, {"ran": "ls"}]}

    assert watch.asked(lab(nested)) == {("containerd", "", "k3s"), ("kernel", "", "")}


def test_docker_remembers_by_itself_and_is_not_watched():
    assert watch.asked(lab({"event": "container/die", "source": "docker"})) == set()


def test_a_cut_line_is_passed_over(containerd):
    with watching(containerd.machine):
        until(marks)
    (path,) = events.folder_of("key").path.glob(f"*{events.SUFFIX}")
    with path.open("a") as file:
        file.write('{"machine": "fake", "time"')

    assert events.read("key", "fake") == []


def test_only_the_learner_may_read_what_was_written_down(containerd):
    with watching(containerd.machine):
        until(marks)
    (path,) = events.folder_of("key").path.glob(f"*{events.SUFFIX}")

    assert path.stat().st_mode & 0o777 == 0o600
