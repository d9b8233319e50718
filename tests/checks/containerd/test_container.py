from checks.containerd.container import Container
from checks.matchers import equals, parse
from checks.testing.containerd import BUSYBOX
from checks.verdict import Status


def test_a_container_under_its_id_passes(containerd):
    containerd.has_container("web")

    verdict = Container("web", image=equals(BUSYBOX)).run(containerd.machine)

    assert verdict.status is Status.PASSED
    assert tuple(verdict.facts) == Container.FACTS
    assert verdict.facts == {
        "id": "web",
        "namespace": "default",
        "image": BUSYBOX,
        "runtime": "io.containerd.runc.v2",
        "snapshotter": "overlayfs",
        "snapshot_key": "web",
    }


def test_a_container_whose_id_is_taken_in_another_namespace_is_found_there(containerd):
    containerd.has_container("web", namespace="moby")

    verdict = Container("web").run(containerd.machine)

    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        "Container `web` is in namespace `moby`, not in `default`"
    )


def test_a_missing_container_comes_with_those_there_are(containerd):
    containerd.has_container("db")

    verdict = Container("web", image=equals(BUSYBOX)).run(containerd.machine)

    assert verdict.summary == (
        "There is no container `web` in namespace `default`, only `db`"
    )
    assert verdict.hint == f"ctr run -d {BUSYBOX} web"


def test_a_container_of_another_image_is_named(containerd):
    containerd.has_container("web", image="docker.io/library/nginx:latest")

    verdict = Container("web", image=equals(BUSYBOX)).run(containerd.machine)

    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        "Container `web` has image `docker.io/library/nginx:latest`"
    )


def test_another_runtime_is_named(containerd):
    containerd.has_container("web")

    verdict = Container("web", runtime=equals("io.containerd.kata.v2")).run(
        containerd.machine
    )

    assert verdict.actual == "io.containerd.runc.v2"


def test_labels_are_compared(containerd):
    containerd.has_container("web", labels={"tier": "front"})

    held = Container("web", labels={"tier": equals("front")}).run(containerd.machine)
    differs = Container("web", labels={"tier": equals("back")}).run(containerd.machine)

    assert (held.status, differs.status) == (Status.PASSED, Status.FAILED)


def test_a_label_that_is_not_there_is_unlike_nothing(containerd):
    containerd.has_container("web", labels={})
    unlike = {"tier": parse({"not": "back"})}

    assert (
        Container("web", labels=unlike).run(containerd.machine).status is Status.FAILED
    )


def test_an_unwanted_container_that_is_not_there_is_gone(containerd):
    verdict = Container("web", exists=False).run(containerd.machine)

    assert verdict.status is Status.PASSED


def test_an_unwanted_container_comes_with_the_command_that_removes_it(containerd):
    containerd.has_container("web")

    verdict = Container("web", exists=False).run(containerd.machine)

    assert verdict.status is Status.FAILED
    assert verdict.hint == "ctr containers rm web"
