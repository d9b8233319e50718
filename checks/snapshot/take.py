"""Taking a snapshot: all parts independently, and what could not be looked at said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from checks.containerd import flavours
from checks.doors.machine import Machine
from checks.errors import CheckError
from checks.snapshot import host, runtimes
from checks.snapshot.model import Part, Snapshot

Look = Callable[[Machine], Part]


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
        yield f"containerd {address}", partial(runtimes.containerd, address=address)
    if not addresses:
        yield "containerd", _no_containerd
    yield "docker", runtimes.docker


def _no_containerd(_: Machine) -> Part:
    raise CheckError("no containerd listens")
