"""The parts of a snapshot that a containerd keeps, namespace by namespace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from checks.containerd import connect
from checks.containerd.task import STATUSES
from checks.doors.machine import Machine
from checks.snapshot.model import Part

if TYPE_CHECKING:
    from checks.containerd.client import Containerd

DEFAULT_SNAPSHOTTER = "overlayfs"
# A snapshot is kept and compared: of more than these, only the number is told.
LISTED = 500
# containerd.services.snapshots.v1.Kind
KINDS = {1: "view", 2: "active", 3: "committed"}


def objects(machine: Machine, address: str) -> Part:
    """Return the namespaces of the containerd at a socket and what is in them."""
    client = connect.connect(machine, address)
    return {
        name: state
        for namespace in client.namespaces()
        for name, state in _objects(client, namespace)
    }


def snapshots(machine: Machine, address: str) -> Part:
    """Return the snapshots of the default snapshotter and of those in use."""
    client = connect.connect(machine, address)
    return {
        name: state
        for namespace in client.namespaces()
        for snapshotter in _snapshotters(client, namespace)
        for name, state in _snapshots(client, namespace, snapshotter)
    }


def content(machine: Machine, address: str) -> Part:
    """Return how many blobs each namespace has, and which."""
    client = connect.connect(machine, address)
    return {
        name: state
        for namespace in client.namespaces()
        for name, state in _content(client, namespace)
    }


def _objects(client: Containerd, namespace: str) -> Iterator[tuple[str, str]]:
    yield f"namespace {namespace}", ""
    for name, image in client.images(namespace).items():
        yield f"{namespace}: image {name}", image.target.digest
    for name in client.leases(namespace):
        yield f"{namespace}: lease {name}", ""
    for name, container in client.containers(namespace).items():
        yield f"{namespace}: container {name}", container.image
    for task in client.tasks(namespace):
        yield f"{namespace}: task {task.id}", STATUSES.get(task.status, "unknown")


def _snapshotters(client: Containerd, namespace: str) -> set[str]:
    used = {each.snapshotter for each in client.containers(namespace).values()}
    return {DEFAULT_SNAPSHOTTER, *used} - {""}


def _snapshots(
    client: Containerd, namespace: str, snapshotter: str
) -> Iterator[tuple[str, str]]:
    found = {
        each.name: KINDS.get(each.kind, "unknown")
        + (f" on {each.parent}" if each.parent else "")
        for each in client.snapshots(namespace, snapshotter)
    }
    yield from _counted(f"{namespace}: {snapshotter}", found)


def _content(client: Containerd, namespace: str) -> Iterator[tuple[str, str]]:
    found = {each.digest: f"{each.size} bytes" for each in client.contents(namespace)}
    yield from _counted(f"{namespace}: blobs", found)


def _counted(what: str, found: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield what, str(len(found))
    if len(found) <= LISTED:
        for name, state in found.items():
            yield f"{what}: {name}", state
