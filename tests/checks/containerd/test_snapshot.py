import pytest

from checks.containerd import client
from checks.containerd.snapshot import Snapshot
from checks.errors import CheckError
from checks.matchers import equals
from checks.testing.server import Refusal
from checks.verdict import Status

LAYER = "sha256:" + "1e" * 32


def test_a_snapshot_under_its_key_passes(containerd):
    containerd.has_snapshot("web", "active", parent=LAYER)

    verdict = Snapshot("web", kind="active", parent=equals(LAYER)).run(
        containerd.machine
    )

    assert verdict.status is Status.PASSED
    assert tuple(verdict.facts) == Snapshot.FACTS
    assert verdict.facts == {"key": "web", "kind": "active", "parent": LAYER}


def test_another_kind_of_snapshot_is_named(containerd):
    containerd.has_snapshot(LAYER, "committed")

    verdict = Snapshot(LAYER, kind="active").run(containerd.machine)

    assert verdict.status is Status.FAILED
    assert (verdict.expected, verdict.actual) == ("kind active", "committed")


def test_another_parent_is_named(containerd):
    containerd.has_snapshot("web", "active", parent=LAYER)

    verdict = Snapshot("web", parent=equals("")).run(containerd.machine)

    assert verdict.status is Status.FAILED
    assert verdict.actual == LAYER


def test_a_snapshot_of_another_snapshotter_is_not_there(containerd):
    containerd.has_snapshot("web", "active")

    verdict = Snapshot("web", snapshotter="native").run(containerd.machine)

    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        "There is no native snapshot `web` in namespace `default`,"
        " but overlayfs has one of this key"
    )
    assert verdict.hint == "ctr snapshots --snapshotter native ls"


def test_a_snapshot_in_another_namespace_is_found_there(containerd):
    containerd.has_snapshot("web", "active", namespace="k8s.io")

    verdict = Snapshot("web").run(containerd.machine)

    assert verdict.status is Status.FAILED
    assert verdict.actual == "namespace k8s.io"


def test_a_snapshotter_that_is_not_loaded_proves_nothing(containerd):
    refusal = Refusal("INVALID_ARGUMENT", "snapshotter not loaded: zfs")
    containerd.refusals[client.SNAPSHOT.method] = refusal

    with pytest.raises(CheckError, match="snapshotter not loaded: zfs"):
        Snapshot("web", snapshotter="zfs", exists=False).run(containerd.machine)


def test_an_unwanted_snapshot_that_is_not_there_is_gone(containerd):
    verdict = Snapshot("web", exists=False).run(containerd.machine)

    assert verdict.status is Status.PASSED


def test_an_unwanted_snapshot_comes_with_the_command_that_removes_it(containerd):
    containerd.has_snapshot("web", "active")

    verdict = Snapshot("web", exists=False).run(containerd.machine)

    assert verdict.status is Status.FAILED
    assert verdict.hint == "ctr snapshots --snapshotter overlayfs rm web"
