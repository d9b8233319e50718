"""Taking a snapshot: all parts independently, and what could not be looked at said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from checks.containerd import flavours
from checks.doors.machine import Machine
from checks.errors import CheckError
from checks.snapshot import containerd, host, runtimes
from checks.snapshot.model import Part, Snapshot

Look = Callable[[Machine], Part]
# What is looked at through each socket of a containerd.
OF_CONTAINERD: Mapping[str, Callable[[Machine, str], Part]] = {
    "containerd": containerd.objects,
    "snapshots": containerd.snapshots,
    "content": containerd.content,
    "cri": runtimes.cri,
}


def take(machine: Machine) -> Snapshot:
    """List what the kinds of check can see of a machine; it raises nothing."""
    parts, unseen = {}, {}
    for name, look in _parts(machine):
        try:
            parts[name] = dict(sorted(look(machine).items()))
        except CheckError as error:
            unseen[name] = error.message
    return Snapshot(parts, unseen)


def _parts(machine: Machine) -> Iterator[tuple[str, Look]]:
    yield from host.PARTS.items()
    addresses = [each.address for each in flavours.answering(machine)]
    for address in addresses:
        for name, look in OF_CONTAINERD.items():
            yield f"{name} {address}", _at(address, look)
    if not addresses:
        yield "containerd", _no_containerd
    yield "docker", runtimes.docker
    yield "runc", runtimes.runc


def _at(address: str, look: Callable[[Machine, str], Part]) -> Look:
    return lambda machine: look(machine, address)


def _no_containerd(_: Machine) -> Part:
    raise CheckError("no containerd listens")
