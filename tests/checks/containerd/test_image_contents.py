"""Images whose platforms and layers are asked for."""

import hashlib
import json

import pytest

from checks.containerd.connect import DEFAULT_ADDRESS
from checks.containerd.image import Image
from checks.doors.process import Result
from checks.errors import CheckError, SpecError
from checks.testing.containerd import BUSYBOX, machine
from checks.verdict import Status

LAYERS = ["sha256:" + letter * 64 for letter in "ab"]
CHAIN = "sha256:" + hashlib.sha256(" ".join(LAYERS).encode()).hexdigest()


@pytest.fixture
def door(containerd):
    sockets = {DEFAULT_ADDRESS: containerd.address}
    machine_with_uname = machine(sockets, {"uname -m": Result(0, "x86_64\n", "")})
    yield machine_with_uname
    machine_with_uname.close()


def put(containerd, document, labels=None):
    return containerd.has_blob(json.dumps(document).encode(), labels=labels)


def has_manifest(containerd, architecture="amd64"):
    """Put a manifest, its configuration and its layers; returns the manifest's digest."""
    config = put(
        containerd,
        {
            "os": "linux",
            "architecture": architecture,
            "rootfs": {"diff_ids": LAYERS},
        },
    )
    packed = [containerd.has_blob(layer.encode()) for layer in LAYERS]
    layers = [{"digest": digest} for digest in packed]
    return put(containerd, {"config": {"digest": config}, "layers": layers})


def has_index(containerd, **manifests):
    """Put an index of manifests by architecture, and an image of this index."""
    listed = [
        {"digest": digest, "platform": {"os": "linux", "architecture": name}}
        for name, digest in manifests.items()
    ]
    containerd.has_image(BUSYBOX, digest=put(containerd, {"manifests": listed}))


def test_an_unpacked_image_has_the_snapshot_of_its_layers(containerd, door):
    has_index(containerd, amd64=has_manifest(containerd))
    containerd.has_snapshot(CHAIN, "committed")

    verdict = Image(BUSYBOX, unpacked=True).run(door)

    assert verdict.status is Status.PASSED


def test_a_pulled_image_that_is_not_unpacked_lacks_that_snapshot(containerd, door):
    has_index(containerd, amd64=has_manifest(containerd))

    verdict = Image(BUSYBOX, unpacked=True).run(door)

    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        f"Image `{BUSYBOX}` is pulled but not unpacked:"
        f" overlayfs has no snapshot `{CHAIN}`"
    )
    assert verdict.hint == f"ctr images pull {BUSYBOX}"


def test_an_image_unpacked_by_another_snapshotter_is_not_unpacked_here(
    containerd, door
):
    has_index(containerd, amd64=has_manifest(containerd))
    containerd.has_snapshot(CHAIN, "committed", snapshotter="native")

    assert Image(BUSYBOX, unpacked=True).run(door).status is Status.FAILED
    native = Image(BUSYBOX, unpacked=True, snapshotter="native").run(door)
    assert native.status is Status.PASSED


def test_an_index_without_the_platform_says_what_it_is_for(containerd, door):
    has_index(containerd, arm64=has_manifest(containerd, "arm64"))

    verdict = Image(BUSYBOX, unpacked=True).run(door)

    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        f"Image `{BUSYBOX}` is not for linux/amd64, only for linux/arm64"
    )


def test_a_manifest_without_an_index_is_for_its_configurations_platform(
    containerd, door
):
    containerd.has_image(BUSYBOX, digest=has_manifest(containerd, "arm64"))

    held = Image(BUSYBOX, platform="linux/arm64").run(door)
    other = Image(BUSYBOX, platform="linux/s390x").run(door)

    assert (held.status, other.status) == (Status.PASSED, Status.FAILED)


def test_an_index_alone_is_an_image_fetched_in_part(containerd, door):
    absent = "sha256:" + "cd" * 32
    has_index(containerd, amd64=absent)

    verdict = Image(BUSYBOX, platform="linux/amd64").run(door)

    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        f"Image `{BUSYBOX}` is fetched only in part:"
        " the manifest for linux/amd64 is not there"
    )


def test_what_is_no_document_proves_nothing(containerd, door):
    containerd.has_image(BUSYBOX, digest=containerd.has_blob(b"not JSON"))

    with pytest.raises(CheckError, match="not a document"):
        Image(BUSYBOX, unpacked=True).run(door)


def test_content_that_is_left_of_a_removed_image_is_told(containerd, door):
    source = {"containerd.io/distribution.source.docker.io": "library/busybox"}
    put(containerd, {}, labels=source)

    verdict = Image(BUSYBOX).run(door)

    assert verdict.summary.endswith(", though content of it is still there")


def test_a_platform_without_architecture_is_the_authors_error():
    with pytest.raises(SpecError, match="names no platform"):
        Image(BUSYBOX, platform="amd64")
