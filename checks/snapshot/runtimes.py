"""The parts of a snapshot that container runtimes keep."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from checks.containerd import connect
from checks.containerd.task import STATUSES
from checks.docker import containers, networks, objects, volumes
from checks.doors.machine import Machine
from checks.snapshot.model import Part

if TYPE_CHECKING:
    from checks.containerd.client import Containerd


def containerd(machine: Machine, address: str) -> Part:
    """Return the namespaces of the containerd at a socket and what is in them."""
    client = connect.connect(machine, address)
    return {
        name: state
        for namespace in client.namespaces()
        for name, state in _namespace(client, namespace)
    }


def docker(machine: Machine) -> Part:
    """Return Docker's images, containers, networks and volumes."""
    return dict(_docker(machine))


def _namespace(client: Containerd, namespace: str) -> Iterator[tuple[str, str]]:
    yield f"namespace {namespace}", ""
    for name in client.images(namespace):
        if image := client.image(namespace, name):
            yield f"{namespace}: image {name}", image.target.digest
    for name in client.leases(namespace):
        yield f"{namespace}: lease {name}", ""
    for name in client.containers(namespace):
        if container := client.container(namespace, name):
            yield f"{namespace}: container {name}", container.image
        if task := client.task(namespace, name):
            yield f"{namespace}: task {name}", STATUSES.get(task.status, "unknown")


def _docker(machine: Machine) -> Iterator[tuple[str, str]]:
    for image in objects.images(machine, None):
        for name in image.tags or (image.id,):
            yield f"image {name}", image.id
    for container in containers.listed(machine, None):
        yield f"container {container.name}", f"{container.state} {container.image}"
    for name in networks.names(machine, None):
        yield f"network {name}", ""
    for volume in volumes.volumes(machine, None):
        yield f"volume {volume.name}", volume.driver
