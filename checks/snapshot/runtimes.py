"""The parts of a snapshot that CRI, Docker and runc keep."""

from __future__ import annotations

from collections.abc import Iterator

from checks.cri import cri_container, pod
from checks.cri.connect import connect
from checks.docker import containers, networks, objects, volumes
from checks.doors.machine import Machine
from checks.oci import runtime
from checks.snapshot.model import Part


def cri(machine: Machine, address: str) -> Part:
    """Return the pods, their containers and the images for pods at a socket."""
    return dict(_cri(machine, address))


def docker(machine: Machine) -> Part:
    """Return Docker's images, containers, networks and volumes."""
    return dict(_docker(machine))


def runc(machine: Machine) -> Part:
    """Return the containers of runc in each of its well-known state directories."""
    return {
        f"{each.root}/{each.id}": f"{each.status} {each.bundle}"
        for each in runtime.states(machine)
    }


def _cri(machine: Machine, address: str) -> Iterator[tuple[str, str]]:
    client = connect(machine, address)
    names = {}
    for each in client.pods():
        names[each.id] = f"{each.metadata.namespace}/{each.metadata.name}"
        yield f"pod {names[each.id]}", pod.STATES.get(each.state, "unknown")
    for found in client.containers():
        name = f"{names.get(found.pod_sandbox_id, 'no pod')}/{found.metadata.name}"
        state = cri_container.STATES.get(found.state, "unknown")
        yield f"container {name}", f"{state} {found.image.image}"
    for tag in client.tags():
        yield f"image {tag}", ""


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
