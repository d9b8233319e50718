import pytest

from checks.containerd import client
from checks.containerd.image import Image
from checks.containerd.proto.images_pb2 import GetImageResponse
from checks.errors import CheckError, SpecError
from checks.matchers import equals, parse
from checks.testing.containerd import BUSYBOX, DIGEST
from checks.testing.server import Refusal
from checks.verdict import Status


def test_an_image_under_its_full_reference_passes(containerd):
    containerd.has_image(BUSYBOX)

    verdict = Image(BUSYBOX).run(containerd.machine)

    assert verdict.status is Status.PASSED
    assert verdict.summary == f"Image `{BUSYBOX}` is in namespace `default`"
    assert tuple(verdict.facts) == Image.FACTS
    assert verdict.facts == {
        "name": BUSYBOX,
        "namespace": "default",
        "digest": DIGEST,
        "media_type": "application/json",
        "size": 417,
    }


def test_an_image_is_decided_on_one_answer(containerd):
    containerd.has_image(BUSYBOX)

    Image(BUSYBOX, digest=equals(DIGEST)).run(containerd.machine)

    assert containerd.methods == ["Images/Get"]


def test_an_image_in_another_namespace_is_found_there(containerd):
    containerd.has_image(BUSYBOX, namespace="k8s.io")

    verdict = Image(BUSYBOX).run(containerd.machine)

    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        f"Image `{BUSYBOX}` is in namespace `k8s.io`, not in `default`"
    )
    assert (verdict.expected, verdict.actual) == (
        "namespace default",
        "namespace k8s.io",
    )
    assert verdict.hint == f"ctr images pull {BUSYBOX}"


def test_the_command_that_pulls_names_the_namespace(containerd):
    containerd.has_image(BUSYBOX)

    verdict = Image(BUSYBOX, namespace="k8s.io").run(containerd.machine)

    assert verdict.hint == f"ctr -n k8s.io images pull {BUSYBOX}"


def test_a_short_name_is_another_image_than_the_full_reference(containerd):
    containerd.has_image(BUSYBOX)

    verdict = Image("busybox").run(containerd.machine)

    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        f"There is no image `busybox` in namespace `default`, only `{BUSYBOX}`"
    )
    assert verdict.hint == (
        f"ctr images pull {BUSYBOX} && ctr images tag {BUSYBOX} busybox"
    )


def test_another_tag_of_the_image_is_named_and_other_images_are_not(containerd):
    containerd.has_image("docker.io/library/busybox:1.36")
    containerd.has_image("docker.io/library/nginx:latest")

    verdict = Image(BUSYBOX).run(containerd.machine)

    assert verdict.summary.endswith(", only `docker.io/library/busybox:1.36`")


def test_a_namespace_without_images_is_said_to_have_none(containerd):
    verdict = Image(BUSYBOX).run(containerd.machine)

    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        f"There is no image `{BUSYBOX}` in namespace `default`, nor any other image"
    )


def test_a_namespace_that_does_not_exist_is_named(containerd):
    verdict = Image(BUSYBOX, namespace="k8s.io").run(containerd.machine)

    assert verdict.summary.endswith("namespace `k8s.io`, which does not exist yet")


def test_a_near_miss_that_cannot_be_looked_up_leaves_the_failure(containerd):
    containerd.refusals[client.NAMESPACES.method] = Refusal("INTERNAL")

    verdict = Image(BUSYBOX).run(containerd.machine)

    assert verdict.status is Status.FAILED
    assert verdict.summary == f"There is no image `{BUSYBOX}` in namespace `default`"


def test_another_digest_is_named(containerd):
    containerd.has_image(BUSYBOX)

    verdict = Image(BUSYBOX, digest=equals("sha256:cd")).run(containerd.machine)

    assert verdict.status is Status.FAILED
    assert verdict.actual == DIGEST


def test_labels_are_compared(containerd):
    containerd.has_image(BUSYBOX, labels={"stage": "test"})

    held = Image(BUSYBOX, labels={"stage": equals("test")}).run(containerd.machine)
    differs = Image(BUSYBOX, labels={"stage": equals("live")}).run(containerd.machine)

    assert (held.status, differs.status) == (Status.PASSED, Status.FAILED)


def test_a_label_that_is_not_there_is_unlike_nothing(containerd):
    containerd.has_image(BUSYBOX, labels={})
    unlike = {"tier": parse({"not": "back"})}

    assert Image(BUSYBOX, labels=unlike).run(containerd.machine).status is Status.FAILED


def test_an_unwanted_image_that_is_not_there_is_gone(containerd):
    verdict = Image(BUSYBOX, exists=False).run(containerd.machine)

    assert verdict.status is Status.PASSED
    assert containerd.methods == ["Images/Get"]


def test_an_unwanted_image_comes_with_the_command_that_removes_it(containerd):
    containerd.has_image(BUSYBOX)

    verdict = Image(BUSYBOX, exists=False).run(containerd.machine)

    assert verdict.status is Status.FAILED
    assert verdict.hint == f"ctr images rm {BUSYBOX}"


def test_a_name_that_a_shell_would_act_on_is_quoted_in_the_hint(containerd):
    verdict = Image("docker.io/library/a;reboot:latest").run(containerd.machine)

    assert verdict.hint == "ctr images pull 'docker.io/library/a;reboot:latest'"


def test_an_answer_about_another_image_proves_nothing(containerd):
    containerd.server.answer = lambda *call: GetImageResponse().SerializeToString()

    with pytest.raises(CheckError, match=f"was asked for `{BUSYBOX}`"):
        Image(BUSYBOX).run(containerd.machine)


def test_a_name_that_cannot_be_a_namespace_is_the_authors_error():
    with pytest.raises(SpecError, match="cannot be a namespace"):
        Image(BUSYBOX, namespace="na\u00efve")
