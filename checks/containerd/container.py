"""The kind `container`: a container that containerd knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from checks.containerd.connect import check_place, connect, ctr
from checks.containerd.findings import Named, judge
from checks.containerd.missing import instead, missing
from checks.doors.machine import Machine
from checks.findings import facts, labels
from checks.matchers import Matcher
from checks.verdict import Verdict, passed

if TYPE_CHECKING:
    from checks.containerd.client import Containerd
    from checks.containerd.proto import containers_pb2


@dataclass(frozen=True, slots=True)
class Container:
    """A container that containerd knows in a namespace, by its exact id.

        - container: web
          image: docker.io/library/busybox:latest

    A container is a description; whether a process runs in it is asked with `task`.
    """

    FACTS: ClassVar = (
        "id",
        "namespace",
        "image",
        "runtime",
        "snapshotter",
        "snapshot_key",
    )

    container: str
    """Its id."""
    namespace: str | None = None
    image: Matcher | None = None
    """The reference of the image that it was made from."""
    runtime: Matcher | None = None
    """The name of its runtime, such as `io.containerd.runc.v2`."""
    snapshotter: Matcher | None = None
    """What keeps its file system, such as `overlayfs` or `native`."""
    labels: Mapping[str, Matcher] | None = None
    exists: bool = True
    address: str | None = None

    def __post_init__(self) -> None:
        check_place(self.namespace, self.address)

    def run(self, machine: Machine) -> Verdict:
        client = connect(machine, self.address, self.namespace)
        wanted = Named("container", self.container, client.namespace)
        container = client.container(client.namespace, self.container)
        if container is not None:
            return self._found(client, wanted, container)
        if not self.exists:
            return passed(wanted.absent)
        image = self.image and self.image.literal
        return no_container(client, wanted, image or "IMAGE")

    def _found(
        self, client: Containerd, wanted: Named, container: containers_pb2.Container
    ) -> Verdict:
        runtime = container.runtime.name
        found = facts(
            id=container.id,
            namespace=client.namespace,
            image=container.image,
            runtime=runtime,
            snapshotter=container.snapshotter,
            snapshot_key=container.snapshot_key,
        )
        properties = [
            ("image", self.image, container.image),
            ("runtime", self.runtime, runtime),
            ("snapshotter", self.snapshotter, container.snapshotter),
            *labels(self.labels, container.labels),
        ]
        removal = ctr(client, client.namespace, "containers", "rm", self.container)
        return judge(wanted, found, properties, exists=self.exists, removal=removal)


def no_container(client: Containerd, wanted: Named, image: str) -> Verdict:
    """Return the failure for a container that is not in its namespace."""
    return missing(
        client,
        wanted,
        hint=ctr(client, wanted.namespace, "run", "-d", image, wanted.name),
        find=lambda other, namespace: other.container(namespace, wanted.name),
        near=lambda: instead("container", list(client.containers(wanted.namespace))),
    )
