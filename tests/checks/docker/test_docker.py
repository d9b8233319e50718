import socket

import pytest

from checks.docker.connect import SOCKETS
from checks.docker.docker import Docker
from checks.errors import CheckError, NotPermitted, TimedOut
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
        "Docker is not running: there is no socket `/run/docker.sock`, and "
        "`docker.service` is stopped"
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
        "at its first use, and `docker.service` is stopped"
    )


@pytest.mark.parametrize(
    ("unit", "said", "hint"),
    [
        (
            ("not-found", "inactive", "dead"),
            "there is no unit `docker.service`",
            "apt-get install docker.io",
        ),
        (
            ("masked", "inactive", "dead"),
            "`docker.service` is masked",
            "systemctl unmask docker && systemctl start docker",
        ),
        (
            ("loaded", "failed", "failed"),
            "`docker.service` has failed (exit code 1): no room",
            "journalctl -u docker",
        ),
        (
            ("loaded", "activating", "start"),
            "`docker.service` is just starting",
            "systemctl status docker",
        ),
    ],
)
def test_a_daemon_that_does_not_run_is_explained_from_its_unit(
    machine_of, unit, said, hint
):
    verdict = Docker().run(machine_of(dict.fromkeys(SOCKETS), unit=unit))
    assert verdict.status is Status.FAILED
    assert verdict.summary.endswith(f", and {said}")
    assert verdict.hint == hint


def test_a_daemon_between_two_starts_is_not_waited_for(machine_of):
    restarting = machine_of({}, unit=("loaded", "activating", "auto-restart"))
    verdict = Docker().run(restarting)
    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        "Docker is not running: nobody answers on `/run/docker.sock` yet, and "
        "`docker.service` is restarted (exit code 1): no room"
    )


def test_who_may_not_dial_dockers_socket_is_told_its_group(machine_of):
    refused = NotPermitted("`/run/docker.sock` may not be dialled", "run with `sudo`")
    with pytest.raises(NotPermitted) as error:
        Docker().run(machine_of(dict.fromkeys(SOCKETS, refused)))
    assert error.value.message == refused.message
    assert "usermod -aG docker" in error.value.remedy


def test_a_daemon_that_hangs_is_not_one_that_is_stopped(tmp_path):
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "silent.sock"))
        silent.listen()
        machine = FakeMachine(sockets={"/d.sock": str(tmp_path / "silent.sock")})
        machine.allow(0.05)
        with pytest.raises(TimedOut, match="Docker does not answer") as error:
            Docker("stopped", address="/d.sock").run(machine)
        machine.close()
    assert error.value.remedy == "systemctl status docker"


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
