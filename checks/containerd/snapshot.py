"""The kind `snapshot`: a file system that containerd keeps for an image or container."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from checks.containerd.connect import check_place, connect, ctr
from checks.containerd.findings import Named, judge
from checks.containerd.missing import missing
from checks.doors.machine import Machine
from checks.errors import CheckError
from checks.findings import facts
from checks.matchers import Matcher, equals
from checks.verdict import Verdict, passed

if TYPE_CHECKING:
    from checks.containerd.client import Containerd
    from checks.containerd.proto import snapshots_pb2

# Those that containerd brings or is often given; others are not looked into.
SNAPSHOTTERS = ("overlayfs", "native", "btrfs", "zfs", "fuse-overlayfs", "devmapper")
# containerd.services.snapshots.v1.Kind
KINDS = {1: "view", 2: "active", 3: "committed"}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A snapshot: a layer of an image, or what a container has written above them.

        - snapshot: web
          kind: active

    A container's own files are in the active snapshot that has the container's id as
    its key, unless it was given another.
    """

    FACTS: ClassVar = ("key", "kind", "parent")

    snapshot: str
    """Its key, as `ctr snapshots ls` shows it."""
    namespace: str | None = None
    snapshotter: str = "overlayfs"
    """The snapshotter that keeps it."""
    kind: Literal["active", "committed", "view"] | None = None
    """`active` can be written to, `committed` is a layer, `view` can only be read."""
    parent: Matcher | None = None
    """The key of the snapshot below; the lowest has an empty one."""
    exists: bool = True
    address: str | None = None

    def __post_init__(self) -> None:
        check_place(self.namespace, self.address)

    def run(self, machine: Machine) -> Verdict:
        client = connect(machine, self.address, self.namespace)
        wanted = Named(f"{self.snapshotter} snapshot", self.snapshot, client.namespace)
        snapshot = client.snapshot(client.namespace, self.snapshotter, self.snapshot)
        if snapshot is not None:
            return self._found(client, wanted, snapshot)
        return self._missing(client, wanted) if self.exists else passed(wanted.absent)

    def _found(
        self, client: Containerd, wanted: Named, snapshot: snapshots_pb2.Info
    ) -> Verdict:
        kind = KINDS.get(snapshot.kind)
        found = facts(key=snapshot.name, kind=kind, parent=snapshot.parent)
        properties = [
            ("kind", self.kind and equals(self.kind), kind),
            ("parent", self.parent, snapshot.parent),
        ]
        removal = self._ctr(client, "rm", self.snapshot)
        return judge(wanted, found, properties, exists=self.exists, removal=removal)

    def _missing(self, client: Containerd, wanted: Named) -> Verdict:
        return missing(
            client,
            wanted,
            hint=self._ctr(client, "ls"),
            find=lambda other, namespace: other.snapshot(
                namespace, self.snapshotter, self.snapshot
            ),
            near=lambda: self._near(client),
        )

    def _near(self, client: Containerd) -> str:
        for other in SNAPSHOTTERS:
            with suppress(CheckError):
                if client.snapshot(client.namespace, other, self.snapshot):
                    return f", but {other} has one of this key"
        return ""

    def _ctr(self, client: Containerd, *words: str) -> str:
        chosen = ("--snapshotter", self.snapshotter)
        return ctr(client, client.namespace, "snapshots", *chosen, *words)
