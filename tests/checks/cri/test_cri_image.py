import pytest

from checks.cri import client
from checks.cri.cri_image import CriImage
from checks.cri.proto.image_pb2 import Image
from checks.errors import CheckError
from checks.testing.containerd import machine
from checks.testing.cri import ID
from checks.testing.server import Refusal
from checks.verdict import Status

BUSYBOX = "docker.io/library/busybox"
DIGEST = "sha256:" + "11" * 32
NAMES = [
    "busybox",
    f"{BUSYBOX}:latest",
    f"busybox@{DIGEST}",
    ID,
    ID.removeprefix("sha256:"),
]


def knows_busybox(cri):
    tags, digests = [f"{BUSYBOX}:latest"], [f"{BUSYBOX}@{DIGEST}"]
    cri.knows(*NAMES, tags=tags, digests=digests)


@pytest.mark.parametrize("name", NAMES)
def test_an_image_is_found_under_each_of_its_exact_names(cri, name):
    knows_busybox(cri)

    verdict = CriImage(name).run(cri.machine)

    assert verdict.status is Status.PASSED
    assert verdict.summary == f"CRI has the image `{name}`"
    assert tuple(verdict.facts) == CriImage.FACTS
    assert verdict.facts == {
        "id": ID,
        "tags": [f"{BUSYBOX}:latest"],
        "digests": [f"{BUSYBOX}@{DIGEST}"],
        "size": 2_000_000,
    }


def test_an_id_is_the_same_with_and_without_its_algorithm(cri):
    bare = ID.removeprefix("sha256:")
    cri.known[bare] = Image(id=bare)

    assert CriImage(bare).run(cri.machine).status is Status.PASSED


def test_nothing_is_listed_for_an_image_that_is_there(cri):
    knows_busybox(cri)

    CriImage("busybox").run(cri.machine)

    assert cri.methods == ["ImageService/ImageStatus"]


def test_another_tag_of_the_repository_is_named_before_other_images(cri):
    cri.namespaces["k8s.io"] = {}
    cri.knows("busybox", tags=[f"{BUSYBOX}:latest", "docker.io/library/nginx:1"])

    verdict = CriImage("busybox:1.36").run(cri.machine)

    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        f"There is no image `{BUSYBOX}:1.36` in namespace `k8s.io`, "
        f"only `{BUSYBOX}:latest`"
    )
    assert verdict.hint == f"ctr -n k8s.io images pull {BUSYBOX}:1.36"


def test_an_image_in_another_namespace_of_containerd_is_told(cri):
    cri.has_image(f"{BUSYBOX}:latest", "default")

    verdict = CriImage("busybox").run(cri.machine)

    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        f"Image `{BUSYBOX}:latest` is in namespace `default`, not in `k8s.io`"
    )


def test_the_beginning_of_an_id_names_no_image(cri):
    cri.namespaces["k8s.io"] = {}
    cri.knows("abababababab", tags=[f"{BUSYBOX}:latest"])

    verdict = CriImage("abababababab").run(cri.machine)

    assert verdict.status is Status.FAILED


def test_an_id_that_is_not_there_cannot_be_pulled(cri):
    verdict = CriImage(ID).run(cri.machine)

    assert verdict.status is Status.FAILED
    assert verdict.hint == "ctr -n k8s.io images ls"


def test_an_unwanted_image_that_is_not_there_is_gone(cri):
    verdict = CriImage("busybox", exists=False).run(cri.machine)

    assert verdict.status is Status.PASSED


def test_an_unwanted_image_comes_with_the_command_that_removes_it(cri):
    knows_busybox(cri)

    verdict = CriImage("busybox", exists=False).run(cri.machine)

    assert verdict.status is Status.FAILED
    assert verdict.hint == f"ctr -n k8s.io images rm {BUSYBOX}:latest"
    assert verdict.facts["id"] == ID


@pytest.mark.parametrize("exists", [True, False])
def test_a_containerd_without_cri_proves_nothing(cri, exists):
    cri.disable()

    with pytest.raises(CheckError, match="offers no CRI") as error:
        CriImage("busybox", exists=exists).run(cri.machine)

    assert error.value.remedy == "ctr plugins ls id==cri"


@pytest.mark.parametrize("exists", [True, False])
def test_no_socket_proves_nothing(exists):
    with pytest.raises(CheckError, match="there is no socket"):
        CriImage("busybox", exists=exists).run(machine({}))


def test_a_look_at_other_images_that_fails_decides_nothing(cri):
    cri.namespaces["k8s.io"] = {}
    cri.refusals[client.IMAGES.method] = Refusal("INTERNAL", "broken")

    verdict = CriImage("busybox").run(cri.machine)

    assert verdict.status is Status.FAILED
    assert verdict.summary.endswith("in namespace `k8s.io`")


def test_what_a_hostile_runtime_sends_is_cut_before_it_is_recorded(cri):
    tags = [f"{BUSYBOX}:latest", *("x" * 10_000 for _ in range(300))]
    cri.knows("busybox", tags=tags)

    verdict = CriImage("busybox").run(cri.machine)

    assert len(str(verdict.facts)) < 50_000
