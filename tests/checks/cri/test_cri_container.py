import time

import pytest

from checks.containerd import client as containerd
from checks.cri import client
from checks.cri.cri_container import CriContainer
from checks.errors import CheckError, SpecError
from checks.matchers import at_least, equals
from checks.testing import Refusal
from checks.testing.containerd import machine
from checks.testing.cri import SECOND
from checks.verdict import Status

BUSYBOX = "docker.io/library/busybox"
DIGEST = "sha256:" + "11" * 32
IMAGE = {
    "image": {"image": f"{BUSYBOX}:latest"},
    "image_ref": f"{BUSYBOX}@{DIGEST}",
}


@pytest.fixture
def pod(cri):
    return cri.has_pod("web")


def ended(code, reason="Error", **fields):
    """The fields of a container that exited 3 days ago."""
    finished = int(time.time() - 3.5 * 86400) * SECOND
    return {"exit_code": code, "reason": reason, "finished_at": finished, **fields}


def test_a_container_that_runs_is_found_by_its_exact_name(cri, pod):
    container = cri.has_container_in(pod, "server", started_at=SECOND, **IMAGE)

    verdict = CriContainer("server").run(cri.machine)

    assert verdict.status is Status.PASSED
    assert verdict.summary == "Container `server` of pod `web` is running"
    assert tuple(verdict.facts) == CriContainer.FACTS
    assert verdict.facts == {
        "id": container,
        "name": "server",
        "pod": "web",
        "namespace": "default",
        "attempt": 0,
        "image": f"{BUSYBOX}:latest",
        "state": "running",
        "exit": None,
        "reason": None,
        "started": 1.0,
        "ended": None,
    }


def test_only_the_containers_of_its_pod_are_listed(cri, pod):
    cri.has_container_in(pod, "server")
    cri.has_container_in(cri.has_pod("shop"), "server")

    verdict = CriContainer("server", pod="shop").run(cri.machine)

    assert verdict.facts["pod"] == "shop"
    assert cri.methods == [
        "RuntimeService/ListPodSandbox",
        "RuntimeService/ListContainers",
        "RuntimeService/ContainerStatus",
    ]


def test_a_container_that_several_pods_have_must_be_asked_for_with_its_pod(cri, pod):
    for each in (pod, cri.has_pod("shop")):
        cri.has_container_in(each, "server")

    with pytest.raises(CheckError, match="each of the pods `shop`, `web` has") as error:
        CriContainer("server").run(cri.machine)

    assert error.value.remedy == "name one of them with `pod:`"


def test_a_container_that_nobody_wants_is_told_of_any_pod(cri, pod):
    for each in (pod, cri.has_pod("shop")):
        cri.has_container_in(each, "server")

    verdict = CriContainer("server", exists=False).run(cri.machine)

    assert verdict.status is Status.FAILED


def test_a_pod_of_another_namespace_does_not_count(cri, pod):
    cri.has_container_in(cri.has_pod("web", namespace="shop"), "server")
    cri.has_container_in(pod, "server")

    assert CriContainer("server").run(cri.machine).status is Status.PASSED


def test_the_newest_of_several_attempts_counts(cri, pod):
    cri.has_container_in(pod, "server", "exited", **ended(1))
    cri.has_container_in(pod, "server", attempt=1)

    verdict = CriContainer("server", attempt=at_least("1")).run(cri.machine)

    assert verdict.status is Status.PASSED


def test_an_older_attempt_than_asked_is_told(cri, pod):
    cri.has_container_in(pod, "server", attempt=1)

    verdict = CriContainer("server", attempt=equals("2")).run(cri.machine)

    assert verdict.summary == "Container `server` of pod `web` has attempt `1`"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (ended(0, "Completed"), "exited with code 0 (Completed), 3 days ago"),
        (ended(3), "exited with code 3 (Error), 3 days ago"),
        (
            ended(137, "OOMKilled"),
            "exited with code 137, ended by SIGKILL (OOMKilled), 3 days ago",
        ),
        (
            ended(128, "StartError", message="no such file"),
            "exited with code 128 (StartError: no such file), 3 days ago",
        ),
    ],
)
def test_a_container_that_has_exited_tells_how_and_when(cri, pod, fields, said):
    container = cri.has_container_in(pod, "server", "exited", **fields)

    verdict = CriContainer("server").run(cri.machine)

    assert verdict.status is Status.FAILED
    assert verdict.summary == f"Container `server` of pod `web` {said}"
    assert (verdict.expected, verdict.actual) == ("running", "exited")
    assert verdict.hint == f"crictl logs {container[:13]}"
    assert verdict.facts["exit"] == fields["exit_code"]


def test_a_container_that_was_only_created_comes_with_what_starts_it(cri, pod):
    container = cri.has_container_in(pod, "server", "created")

    verdict = CriContainer("server").run(cri.machine)

    assert verdict.summary == "Container `server` of pod `web` was never started"
    assert verdict.hint == f"crictl start {container[:13]}"


@pytest.mark.parametrize("keys", [{"exit": equals("0")}, {"reason": equals("Error")}])
def test_how_it_ended_is_asked_of_one_that_has_exited(cri, pod, keys):
    container = cri.has_container_in(pod, "server")

    verdict = CriContainer("server", **keys).run(cri.machine)

    assert verdict.status is Status.FAILED
    assert (verdict.expected, verdict.actual) == ("exited", "running")
    assert verdict.hint == f"crictl stop {container[:13]}"


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"exit": equals("0")}, "has exit code `3`"),
        ({"reason": equals("Completed")}, "has reason `Error`"),
    ],
)
def test_an_end_that_is_not_as_asked_is_told(cri, pod, keys, said):
    container = cri.has_container_in(pod, "server", "exited", **ended(3))

    verdict = CriContainer("server", **keys).run(cri.machine)

    assert verdict.summary == f"Container `server` of pod `web` {said}"
    assert verdict.hint == f"crictl logs {container[:13]}"


@pytest.mark.parametrize("image", ["busybox", f"{BUSYBOX}:latest", f"busybox@{DIGEST}"])
def test_an_image_is_the_same_under_each_of_its_names(cri, pod, image):
    cri.has_container_in(pod, "server", **IMAGE)

    verdict = CriContainer("server", image=equals(image)).run(cri.machine)

    assert verdict.status is Status.PASSED


def test_another_image_comes_with_what_makes_the_container_anew(cri, pod):
    container = cri.has_container_in(pod, "server", **IMAGE)

    verdict = CriContainer("server", image=equals("busybox:9")).run(cri.machine)

    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        f"Container `server` of pod `web` has image `{BUSYBOX}:latest`"
    )
    assert verdict.hint == (
        f"crictl rm --force {container[:13]} && "
        f"crictl create {pod[:13]} server.json web.json"
    )


def test_a_label_that_differs_is_told(cri, pod):
    cri.has_container_in(pod, "server", labels={"tier": "front"})

    verdict = CriContainer("server", labels={"tier": equals("back")}).run(cri.machine)

    assert verdict.summary.endswith("has label `tier` `front`")


def test_an_unwanted_container_comes_with_the_command_that_removes_it(cri, pod):
    container = cri.has_container_in(pod, "server", "exited", **ended(0))

    verdict = CriContainer("server", exists=False).run(cri.machine)

    assert verdict.status is Status.FAILED
    assert verdict.hint == f"crictl rm --force {container[:13]}"


def test_an_unwanted_container_that_is_not_there_is_gone(cri, pod):
    verdict = CriContainer("server", pod="web", exists=False).run(cri.machine)

    assert verdict.status is Status.PASSED
    assert verdict.summary == (
        "There is no container `server` in pod `web` of Kubernetes namespace `default`"
    )


def test_a_container_that_is_removed_while_it_is_looked_at_is_not_there(cri, pod):
    cri.has_container_in(pod, "server")
    cri.refusals[client.CONTAINER.method] = Refusal("NOT_FOUND", "no such container")

    verdict = CriContainer("server", exists=False).run(cri.machine)

    assert verdict.status is Status.PASSED


def in_another_pod(cri):
    cri.has_container_in(cri.has_pod("shop", namespace="sales"), "server")


def by_its_id(cri):
    cri.has_container_in(cri.has_pod("shop"), "till")


def plain(cri):
    cri.has_container("server", namespace="k8s.io")


def beside(cri):
    cri.has_container_in(next(iter(cri.pods)), "init")


@pytest.mark.parametrize(
    ("stage", "name", "said"),
    [
        (in_another_pod, "server", "; pod `shop` of `sales` has one"),
        (by_its_id, "c1" + "0" * 62, "; that is the ID of `till` of pod `shop`"),
        (by_its_id, "2" + "0" * 63, "; that is the ID of pod `shop`"),
        (by_its_id, "shop", "; that is the name of a pod, which has `till`"),
        (by_its_id, "web", "; that is the name of a pod"),
        (
            plain,
            "server",
            "; containerd has one in its namespace `k8s.io`, of which CRI knows nothing",
        ),
        (beside, "server", ", only `init`"),
    ],
)
def test_a_missing_container_is_told_with_what_comes_nearest(
    cri, pod, stage, name, said
):
    stage(cri)

    verdict = CriContainer(name).run(cri.machine)

    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        f"There is no container `{name}` in Kubernetes namespace `default`{said}"
    )


def test_a_missing_container_comes_with_what_makes_it_in_its_pod(cri, pod):
    verdict = CriContainer("server", pod="web").run(cri.machine)

    assert verdict.hint == f"crictl create {pod[:13]} server.json web.json"


def test_a_container_of_a_pod_that_is_not_there_misses_its_pod(cri, pod):
    verdict = CriContainer("server", pod="wbe").run(cri.machine)

    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        "There is no pod `wbe` in Kubernetes namespace `default`, only `web`"
    )
    assert verdict.hint == "crictl runp wbe.json"


def test_without_any_pod_it_is_told_what_pods_lack(cri):
    cri.answers("RuntimeReady", "ContainerdNotServing")

    verdict = CriContainer("server").run(cri.machine)

    assert verdict.status is Status.FAILED
    assert verdict.summary.endswith(
        "nor any other container, and RuntimeReady is false (ContainerdNotServing)"
    )
    assert verdict.hint == "journalctl -u containerd"


def test_a_look_at_what_comes_nearest_that_fails_decides_nothing(cri, pod):
    cri.refusals[containerd.NAMESPACES.method] = Refusal("INTERNAL", "broken")

    verdict = CriContainer("server").run(cri.machine)

    assert verdict.status is Status.FAILED
    assert verdict.summary.endswith("in Kubernetes namespace `default`")


def test_a_list_that_is_refused_proves_nothing(cri, pod):
    cri.refusals[client.CONTAINERS.method] = Refusal("INTERNAL", "broken")

    with pytest.raises(CheckError, match="broken"):
        CriContainer("server", exists=False).run(cri.machine)


def test_a_container_that_the_runtime_has_lost_sight_of_proves_nothing(cri, pod):
    container = cri.has_container_in(pod, "server", "unknown")

    with pytest.raises(CheckError, match="what container `server` is doing") as error:
        CriContainer("server").run(cri.machine)

    assert error.value.remedy == f"crictl inspect {container[:13]}"


@pytest.mark.parametrize("exists", [True, False])
def test_a_containerd_without_cri_proves_nothing(cri, exists):
    cri.disable()

    with pytest.raises(CheckError, match="offers no CRI"):
        CriContainer("server", exists=exists).run(cri.machine)


@pytest.mark.parametrize("exists", [True, False])
def test_no_socket_proves_nothing(exists):
    with pytest.raises(CheckError, match="there is no socket"):
        CriContainer("server", exists=exists).run(machine({}))


@pytest.mark.parametrize(
    "keys", [{"state": equals("up")}, {"exit": equals("x")}, {"attempt": equals("x")}]
)
def test_what_no_container_can_be_is_a_slip(keys):
    with pytest.raises(SpecError):
        CriContainer("server", **keys)


def test_what_a_hostile_runtime_sends_is_cut_before_it_is_recorded(cri):
    pod = cri.has_pod("web" * 10_000)
    image = {"image": {"image": "x" * 100_000}}
    cri.has_container_in(pod, "server", reason="y" * 100_000, **image)

    assert len(str(CriContainer("server").run(cri.machine).facts)) < 16_384
