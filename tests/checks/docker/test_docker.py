import pytest

from checks.docker.docker import Docker
from checks.errors import CheckError, NotPermitted
from checks.matchers import equals, parse
from checks.testing import FakeMachine
from checks.verdict import Status


def test_a_daemon_that_answers_is_running(machine):
    verdict = Docker().run(machine)
    assert verdict.status is Status.PASSED
    assert verdict.summary == "Docker 24.0.7 is running"
    assert tuple(verdict.facts) == Docker.FACTS
    assert verdict.facts == {"version": "24.0.7", "api_version": "1.43"}


def test_the_version_is_compared(machine):
    assert Docker(version=parse({"at_least": "20.10"})).run(machine).status is (
        Status.PASSED
    )
    verdict = Docker(version=equals("25.0")).run(machine)
    assert verdict.status is Status.FAILED
    assert verdict.summary == "Docker 24.0.7 is running, expected version 25.0"


def test_a_running_daemon_is_not_stopped(machine):
    verdict = Docker("stopped").run(machine)
    assert verdict.status is Status.FAILED
    assert verdict.hint == "systemctl stop docker.socket docker"


def test_without_a_socket_docker_is_stopped(without_docker):
    assert Docker("stopped").run(without_docker).status is Status.PASSED
    verdict = Docker().run(without_docker)
    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        "Docker is not running: there is no socket `/run/docker.sock`"
    )
    assert verdict.hint == "systemctl start docker"


def test_a_socket_on_which_nothing_listens_means_stopped(engine):
    engine.shutdown()
    engine.server_close()
    machine = FakeMachine(sockets={"/d.sock": engine.path})
    assert Docker("stopped", address="/d.sock").run(machine).status is Status.PASSED
    verdict = Docker(address="/d.sock").run(machine)
    assert verdict.summary == "Docker is not running: nothing listens on `/d.sock`"


def test_a_socket_that_systemd_holds_is_not_dialled_and_means_stopped(sleeping):
    assert Docker("stopped").run(sleeping).status is Status.PASSED
    assert Docker().run(sleeping).summary == (
        "Docker is not running: systemd waits on `/run/docker.sock` to start it "
        "at its first use"
    )


@pytest.mark.parametrize("state", ["running", "stopped"])
def test_a_socket_that_may_not_be_dialled_proves_nothing(state):
    refused = NotPermitted("`/d.sock` may not be read", "run with `sudo`")
    machine = FakeMachine(sockets={"/d.sock": refused})
    with pytest.raises(NotPermitted):
        Docker(state, address="/d.sock").run(machine)


@pytest.mark.parametrize("answer", [[], {"Version": "24.0.7"}, {"Version": 24}, b"<p>"])
@pytest.mark.parametrize("state", ["running", "stopped"])
def test_a_server_that_is_not_docker_proves_nothing(engine, machine, answer, state):
    engine.answers["/version"] = (200, answer)
    with pytest.raises(CheckError):
        Docker(state).run(machine)
