import pytest

from checks.containerd.connect import DEFAULT_ADDRESS
from checks.cri import client
from checks.cri.pod import Pod
from checks.errors import CheckError, NotPermitted, SpecError
from checks.matchers import equals
from checks.testing import FakeMachine, Refusal
from checks.testing.containerd import machine
from checks.verdict import Status

ADDRESS = {"network": {"ip": "10.88.0.7"}}
IN_HOST = {"linux": {"namespaces": {"options": {"network": "NODE"}}}}
NO_NETWORK = ("NetworkReady", "NetworkPluginNotReady", "cni plugin not initialized")


def test_a_pod_that_is_ready_is_found_by_its_exact_name(cri):
    pod = cri.has_pod("web", **ADDRESS)

    verdict = Pod("web").run(cri.machine)

    assert verdict.status is Status.PASSED
    assert verdict.summary == "Pod `web` is ready, at 10.88.0.7"
    assert tuple(verdict.facts) == Pod.FACTS
    assert verdict.facts == {
        "id": pod,
        "name": "web",
        "namespace": "default",
        "uid": "uid-1",
        "attempt": 0,
        "state": "ready",
        "created": 1.0,
        "ip": "10.88.0.7",
        "host_network": False,
    }


def test_two_questions_are_enough_for_a_pod_that_is_there(cri):
    cri.has_pod("web")

    Pod("web").run(cri.machine)

    assert cri.methods == [
        "RuntimeService/ListPodSandbox",
        "RuntimeService/PodSandboxStatus",
    ]


def test_the_newest_of_several_by_one_name_counts(cri):
    cri.has_pod("web", state="notready")
    cri.has_pod("web")

    assert Pod("web").run(cri.machine).status is Status.PASSED


def test_a_pod_whose_sandbox_has_stopped_comes_with_what_makes_it_anew(cri):
    pod = cri.has_pod("web", state="notready")

    verdict = Pod("web").run(cri.machine)

    assert verdict.status is Status.FAILED
    assert verdict.summary.startswith("Pod `web` is not ready: its sandbox, made ")
    assert (verdict.expected, verdict.actual) == ("ready", "notready")
    assert verdict.hint == f"crictl rmp --force {pod[:13]} && crictl runp web.json"
    assert verdict.facts["state"] == "notready"


def test_a_pod_may_be_asked_to_have_stopped(cri):
    pod = cri.has_pod("web")

    verdict = Pod("web", state=equals("notready")).run(cri.machine)

    assert verdict.status is Status.FAILED
    assert verdict.hint == f"crictl stopp {pod[:13]}"


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"ip": equals("10.88.0.8")}, "Pod `web` has IP address `10.88.0.7`"),
        ({"host_network": True}, "Pod `web` has host network `false`"),
        ({"labels": {"app": equals("shop")}}, "Pod `web` has label `app` `web`"),
        ({"labels": {"tier": equals("1")}}, "Pod `web` has no label `tier`"),
    ],
)
def test_a_pod_that_is_otherwise_than_asked_says_how(cri, keys, said):
    cri.has_pod("web", labels={"app": "web"}, **ADDRESS)

    verdict = Pod("web", **keys).run(cri.machine)

    assert verdict.status is Status.FAILED
    assert verdict.summary == said
    assert verdict.hint.endswith("crictl runp web.json")


def test_a_pod_is_as_asked_in_every_way(cri):
    cri.has_pod("web", labels={"app": "web"}, **ADDRESS)
    keys = {"ip": equals("10.88.0.7"), "labels": {"app": equals("web")}}

    verdict = Pod("web", host_network=False, **keys).run(cri.machine)

    assert verdict.status is Status.PASSED


def test_a_pod_in_the_network_of_its_host_has_no_address(cri):
    cri.has_pod("web", **IN_HOST)

    assert Pod("web", host_network=True).run(cri.machine).status is Status.PASSED
    verdict = Pod("web", ip=equals("10.88.0.7")).run(cri.machine)
    assert verdict.summary == "Pod `web` has no IP address"


def test_a_pod_of_this_name_in_another_namespace_is_told(cri):
    cri.has_pod("web", namespace="kube-system")

    verdict = Pod("web").run(cri.machine)

    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        "Pod `web` is in Kubernetes namespace `kube-system`, not in `default`"
    )
    assert verdict.hint == "crictl runp web.json"


def test_other_pods_of_its_namespace_are_named(cri):
    cri.has_pod("shop")
    cri.has_pod("dns", namespace="kube-system")

    verdict = Pod("web").run(cri.machine)

    assert verdict.summary == (
        "There is no pod `web` in Kubernetes namespace `default`, only `shop`"
    )


def test_without_a_network_a_missing_pod_is_told_with_what_it_lacks(cri):
    cri.answers(*NO_NETWORK)

    verdict = Pod("web").run(cri.machine)

    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        "There is no pod `web` in Kubernetes namespace `default`, and NetworkReady is "
        "false (NetworkPluginNotReady: cni plugin not initialized); configuration of "
        "CNI is looked for in `/etc/cni/net.d`"
    )
    assert verdict.hint == "ls /etc/cni/net.d"


def test_a_look_at_what_is_lacking_that_fails_decides_nothing(cri):
    cri.refusals[client.STATUS.method] = Refusal("INTERNAL", "broken")

    verdict = Pod("web").run(cri.machine)

    assert verdict.status is Status.FAILED
    assert verdict.summary.endswith("namespace `default`, nor any other pod")


def test_an_unwanted_pod_that_is_not_there_is_gone(cri):
    cri.has_pod("web", namespace="kube-system")

    verdict = Pod("web", exists=False).run(cri.machine)

    assert verdict.status is Status.PASSED
    assert verdict.summary == "There is no pod `web` in Kubernetes namespace `default`"


def test_an_unwanted_pod_is_there_even_when_it_has_stopped(cri):
    pod = cri.has_pod("web", state="notready")

    verdict = Pod("web", exists=False).run(cri.machine)

    assert verdict.status is Status.FAILED
    assert verdict.hint == f"crictl rmp --force {pod[:13]}"


def test_a_pod_that_is_removed_while_it_is_looked_at_is_not_there(cri):
    cri.has_pod("web")
    cri.refusals[client.POD.method] = Refusal("NOT_FOUND", "no such sandbox")

    verdict = Pod("web", exists=False).run(cri.machine)

    assert verdict.status is Status.PASSED


def test_the_command_names_the_socket_that_was_asked(cri):
    cri.has_pod("web", state="notready")
    address = "/run/other.sock"
    door = machine({address: cri.address})

    verdict = Pod("web", address=address).run(door)

    assert verdict.hint.startswith("crictl -r unix:///run/other.sock rmp ")


def test_a_state_that_is_not_told_proves_nothing(cri):
    cri.pods[cri.has_pod("web")].state = 7

    with pytest.raises(CheckError, match="whether pod `web` is ready"):
        Pod("web").run(cri.machine)


@pytest.mark.parametrize("exists", [True, False])
def test_a_containerd_without_cri_proves_nothing(cri, exists):
    cri.disable()

    with pytest.raises(CheckError, match="offers no CRI"):
        Pod("web", exists=exists).run(cri.machine)


@pytest.mark.parametrize("exists", [True, False])
def test_no_socket_proves_nothing(exists):
    with pytest.raises(CheckError, match="there is no socket"):
        Pod("web", exists=exists).run(machine({}))


def test_a_socket_that_may_not_be_dialled_proves_nothing():
    denied = NotPermitted("`/run/containerd` may not be read", "run with `sudo`")

    with pytest.raises(NotPermitted):
        Pod("web").run(FakeMachine(sockets={DEFAULT_ADDRESS: denied}))


def test_a_state_that_no_pod_has_is_a_slip():
    with pytest.raises(SpecError, match="did you mean `ready`"):
        Pod("web", state=equals("redy"))


def test_what_a_hostile_runtime_sends_is_cut_before_it_is_recorded(cri):
    network = {"ip": "1" * 100_000}
    cri.has_pod("web", network=network, labels={"x" * 1000: "y" * 100_000})

    assert len(str(Pod("web").run(cri.machine))) < 10_000
