import pytest

from checks.containerd import client
from checks.containerd.connect import DEFAULT_ADDRESS
from checks.containerd.containerd import Containerd
from checks.errors import CheckError, NotPermitted, SpecError
from checks.matchers import at_least, equals
from checks.testing import FakeMachine
from checks.testing.containerd import machine
from checks.testing.server import Refusal
from checks.verdict import Status


@pytest.fixture
def without_containerd():
    return machine({})


def test_a_containerd_that_answers_is_running(containerd):
    verdict = Containerd().run(containerd.machine)

    assert verdict.status is Status.PASSED
    assert verdict.summary == "containerd 1.7.2 is running"
    assert tuple(verdict.facts) == Containerd.FACTS
    assert verdict.facts == {
        "version": "1.7.2",
        "revision": "0cae528",
        "address": DEFAULT_ADDRESS,
        "flavour": "distribution",
    }


def test_a_version_that_is_new_enough_passes(containerd):
    verdict = Containerd(version=at_least("1.6")).run(containerd.machine)

    assert verdict.status is Status.PASSED


def test_another_version_is_named(containerd):
    verdict = Containerd(version=equals("1.6.20")).run(containerd.machine)

    assert verdict.status is Status.FAILED
    assert verdict.summary == "containerd has version `1.7.2`"
    assert verdict.expected == "version 1.6.20"


def test_no_socket_is_a_containerd_that_does_not_run(without_containerd):
    verdict = Containerd().run(without_containerd)

    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        f"containerd is not running: there is no socket `{DEFAULT_ADDRESS}`"
    )
    assert verdict.hint == "systemctl start containerd"


def test_no_socket_is_a_stopped_containerd(without_containerd):
    verdict = Containerd("stopped").run(without_containerd)

    assert verdict.status is Status.PASSED
    assert verdict.facts == {}


def test_a_socket_that_nothing_listens_on_is_a_stopped_containerd(containerd):
    containerd.server.close()

    verdict = Containerd("stopped").run(containerd.machine)

    assert verdict.status is Status.PASSED


def test_a_containerd_that_answers_is_not_stopped(containerd):
    verdict = Containerd("stopped").run(containerd.machine)

    assert verdict.status is Status.FAILED
    assert verdict.summary == "containerd 1.7.2 is running"
    assert verdict.hint == "systemctl stop containerd"


@pytest.mark.parametrize("wanted", ["running", "stopped"])
def test_a_socket_that_may_not_be_dialled_proves_nothing(wanted):
    denied = NotPermitted("`/run/containerd` may not be read", "run with `sudo`")
    machine = FakeMachine(sockets={DEFAULT_ADDRESS: denied})

    with pytest.raises(NotPermitted):
        Containerd(wanted).run(machine)


@pytest.mark.parametrize("wanted", ["running", "stopped"])
@pytest.mark.parametrize("status", ["UNAVAILABLE", "UNIMPLEMENTED", "INTERNAL"])
def test_a_containerd_that_answers_with_an_error_proves_nothing(
    containerd, wanted, status
):
    containerd.refusals[client.VERSION.method] = Refusal(status, "plugin failed")

    with pytest.raises(CheckError):
        Containerd(wanted).run(containerd.machine)


def test_the_version_of_a_stopped_containerd_cannot_be_asked_for(without_containerd):
    with pytest.raises(SpecError):
        Containerd("stopped", version=equals("1.7.2")).run(without_containerd)
