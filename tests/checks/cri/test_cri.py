import pytest

from checks.containerd import client as containerd
from checks.containerd.connect import DEFAULT_ADDRESS
from checks.cri import client, unready
from checks.cri.cri import Cri
from checks.errors import CheckError, NotPermitted
from checks.matchers import at_least, equals
from checks.testing import FakeMachine
from checks.testing.containerd import machine
from checks.testing.server import Refusal
from checks.verdict import Status

NO_NETWORK = (
    "NetworkReady",
    "NetworkPluginNotReady",
    "Network plugin returns error: cni plugin not initialized",
)


def test_a_cri_with_its_conditions_is_ready(cri):
    verdict = Cri().run(cri.machine)

    assert verdict.status is Status.PASSED
    assert verdict.summary == "CRI of containerd 1.7.2 is ready"
    assert tuple(verdict.facts) == Cri.FACTS
    assert verdict.facts == {
        "runtime": "containerd",
        "version": "1.7.2",
        "api_version": "v1",
        "runtime_ready": True,
        "network_ready": True,
        "address": DEFAULT_ADDRESS,
    }


def test_other_conditions_do_not_count(cri):
    cri.answers("ContainerdHasNoDeprecationWarnings", "ContainerdHasWarnings")

    assert Cri().run(cri.machine).status is Status.PASSED


def test_without_a_network_it_says_where_its_configuration_is_looked_for(cri):
    cri.answers(*NO_NETWORK)

    verdict = Cri().run(cri.machine)

    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        "CRI of containerd 1.7.2 is not ready: NetworkReady is false "
        f"({NO_NETWORK[1]}: {NO_NETWORK[2]}); "
        "configuration of CNI is looked for in `/etc/cni/net.d`"
    )
    assert (verdict.expected, verdict.actual) == ("ready", "no NetworkReady")
    assert verdict.hint == "ls /etc/cni/net.d"
    assert verdict.facts["network_ready"] is False


@pytest.mark.parametrize("config", ["", "[]", '{"cni": 1}', "{}"])
def test_a_runtime_that_does_not_tell_its_configuration_explains_less(cri, config):
    cri.answers(*NO_NETWORK)
    cri.config = config

    verdict = Cri().run(cri.machine)

    assert verdict.status is Status.FAILED
    assert verdict.summary.endswith("not initialized)")


def test_a_runtime_that_is_not_ready_is_told_before_its_network(cri):
    cri.answers(*NO_NETWORK)
    cri.answers("RuntimeReady", "ContainerdNotServing")

    verdict = Cri().run(cri.machine)

    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        "CRI of containerd 1.7.2 is not ready: "
        "RuntimeReady is false (ContainerdNotServing)"
    )
    assert verdict.hint == "journalctl -u containerd"


def test_an_enabled_cri_needs_no_network(cri):
    cri.answers(*NO_NETWORK)

    verdict = Cri("enabled").run(cri.machine)

    assert verdict.status is Status.PASSED
    assert verdict.summary == "CRI of containerd 1.7.2 is enabled"


def test_more_is_asked_only_where_the_network_is_missing(cri):
    Cri().run(cri.machine)

    assert cri.methods == ["RuntimeService/Version", "RuntimeService/Status"]


def test_a_version_that_is_new_enough_passes(cri):
    check = Cri(runtime=equals("containerd"), version=at_least("1.6"))

    assert check.run(cri.machine).status is Status.PASSED


def test_another_version_is_named(cri):
    verdict = Cri(version=equals("2.0.0")).run(cri.machine)

    assert verdict.status is Status.FAILED
    assert verdict.summary == "CRI has version `1.7.2`"
    assert verdict.expected == "version 2.0.0"


def test_another_runtime_is_named(cri):
    verdict = Cri(runtime=equals("cri-o")).run(cri.machine)

    assert verdict.summary == "CRI has runtime `containerd`"


@pytest.mark.parametrize("wanted", ["ready", "enabled"])
def test_no_socket_is_no_cri(wanted):
    verdict = Cri(wanted).run(machine({}))

    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        f"CRI does not answer: there is no socket `{DEFAULT_ADDRESS}`"
    )
    assert verdict.hint == "systemctl start containerd"


@pytest.mark.parametrize("plugin", sorted(unready.PLUGIN))
def test_a_containerd_without_cri_is_told_by_its_configuration(cri, plugin):
    cri.disable()
    files = {unready.CONFIGURATION: f'disabled_plugins = ["{plugin}"]'.encode()}

    verdict = Cri("enabled").run(machine({DEFAULT_ADDRESS: cri.address}, files=files))

    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        "containerd 1.7.2 runs without CRI: "
        "`/etc/containerd/config.toml` has it in `disabled_plugins`"
    )
    assert (verdict.expected, verdict.actual) == ("enabled", "disabled")
    assert verdict.hint == "systemctl restart containerd"


@pytest.mark.parametrize("content", [None, b"\xff", b"= 1", b"disabled_plugins = 1"])
def test_a_containerd_without_cri_fails_whatever_its_configuration(cri, content):
    cri.disable()
    files = {unready.CONFIGURATION: content}

    verdict = Cri().run(machine({DEFAULT_ADDRESS: cri.address}, files=files))

    assert verdict.status is Status.FAILED
    assert verdict.summary == "containerd 1.7.2 runs without CRI"
    assert verdict.hint == "ctr plugins ls id==cri"


def test_what_is_no_containerd_proves_nothing(cri):
    cri.disable()
    unknown = Refusal("UNIMPLEMENTED", "unknown service")
    cri.refusals[containerd.VERSION.method] = unknown

    with pytest.raises(CheckError):
        Cri().run(cri.machine)


@pytest.mark.parametrize("method", [client.VERSION.method, client.STATUS.method])
def test_a_cri_that_answers_with_an_error_proves_nothing(cri, method):
    cri.refusals[method] = Refusal("UNKNOWN", "server is not initialized yet")

    with pytest.raises(CheckError, match="not initialized yet"):
        Cri().run(cri.machine)


def test_a_condition_that_is_not_told_proves_nothing(cri):
    del cri.conditions["NetworkReady"]

    with pytest.raises(CheckError, match="NetworkReady"):
        Cri().run(cri.machine)


def test_a_socket_that_may_not_be_dialled_proves_nothing():
    denied = NotPermitted("`/run/containerd` may not be read", "run with `sudo`")

    with pytest.raises(NotPermitted):
        Cri().run(FakeMachine(sockets={DEFAULT_ADDRESS: denied}))


def test_what_a_hostile_runtime_sends_is_cut_before_it_is_recorded(cri):
    cri.answers("NetworkReady", "x" * 100_000, "y" * 100_000)

    verdict = Cri().run(cri.machine)

    assert len(str(verdict)) < 10_000
