import pytest

from checks.docker import client
from checks.doors.dial import NothingListens
from checks.doors.machine import Local
from checks.errors import CheckError, SpecError
from checks.testing import FakeMachine


def test_twenty_questions_use_one_connection(engine, machine):
    for _ in range(20):
        client.get(machine, None, "/version")
    assert len(engine.connections) == 1


def test_the_socket_below_run_is_tried_too(engine, machine_of):
    machine = machine_of(
        {"/var/run/docker.sock": None, "/run/docker.sock": engine.path}
    )
    assert client.get(machine, None, "/version")["Version"] == "24.0.7"
    machine.close()


def test_without_systemd_the_socket_is_dialled(engine):
    asks = "systemctl show --property=SubState docker.socket docker.service"
    machine = FakeMachine(
        commands={asks: None}, sockets={"/var/run/docker.sock": engine.path}
    )
    assert client.get(machine, None, "/version")["Version"] == "24.0.7"
    machine.close()


def test_an_absent_object_is_none(machine):
    assert client.get(machine, None, "/images/nope/json") is None


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (404, "page not found"),
        (400, "no such image: UPPER: invalid reference format"),
        (500, "No such device"),
        (301, "Moved Permanently"),
    ],
)
def test_any_other_refusal_is_no_proof_of_absence(engine, machine, status, message):
    engine.answers["/images/x/json"] = (status, {"message": message})
    with pytest.raises(CheckError, match=f"Docker answered {status}: {message}"):
        client.get(machine, None, "/images/x/json")


def test_a_prefix_of_several_ids_names_no_object(engine, machine):
    refusal = {"message": "Multiple IDs found with provided prefix: a"}
    engine.answers["/containers/a/json"] = (500, refusal)
    assert client.get(machine, None, "/containers/a/json") is None


def test_docker_host_names_the_socket_of_the_local_machine(engine, monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{engine.path}")
    machine = Local()
    assert client.get(machine, None, "/version")["Version"] == "24.0.7"
    machine.close()


def test_docker_host_says_nothing_about_another_machine(machine, monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", "unix:///run/of-this-host.sock")
    assert client.get(machine, None, "/version")["Version"] == "24.0.7"


def test_the_address_beats_docker_host(engine, monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", "unix:///run/nope.sock")
    machine = Local()
    assert client.get(machine, engine.path, "/version")["Version"] == "24.0.7"
    machine.close()


def test_an_address_that_is_no_path_is_a_fault_of_the_check():
    with pytest.raises(SpecError, match=r"`tcp://1.2.3.4` is not the path"):
        client.get(FakeMachine(), "tcp://1.2.3.4", "/version")


def test_a_daemon_started_again_is_dialled_again(engine, machine):
    client.get(machine, None, "/version")
    engine.close_connections()
    assert client.get(machine, None, "/version")["Version"] == "24.0.7"
    assert len(engine.connections) == 2


def test_a_daemon_stopped_between_two_checks_is_noticed(engine, machine):
    client.get(machine, None, "/version")
    engine.shutdown()
    engine.server_close()
    engine.close_connections()
    with pytest.raises(NothingListens, match="nothing listens"):
        client.get(machine, None, "/version")
