"""The kind `cri-image`: an image that is there for pods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from checks import reference
from checks.containerd import connect as containerd
from checks.containerd.connect import check_address, ctr
from checks.containerd.findings import Named
from checks.containerd.missing import instead, missing
from checks.cri.connect import connect
from checks.doors.machine import Machine
from checks.findings import ENTRIES_LIMIT, shown
from checks.verdict import Facts, Verdict, failed, passed

if TYPE_CHECKING:
    from checks.containerd.client import Containerd
    from checks.cri.client import Cri
    from checks.cri.proto.image_pb2 import Image

# The namespace in which containerd keeps what belongs to CRI.
NAMESPACE = "k8s.io"


@dataclass(frozen=True, slots=True)
class CriImage:
    """An image that is there for pods, by its exact name, digest or full ID.

        - cri-image: docker.io/library/busybox:latest

    The name is completed as in a pod: `busybox` is `docker.io/library/busybox:latest`.
    CRI sees the images of containerd's namespace `k8s.io` and no others. The fact
    `size` is in bytes, as they were pulled.
    """

    FACTS: ClassVar = ("id", "tags", "digests", "size")

    cri_image: str
    """A name, also with `@` and a digest, or an ID in full."""
    exists: bool = True
    """`false` asks that there is no such image for pods."""
    address: str | None = None
    """The path of the socket, or the flavour of containerd; as for `containerd`."""

    def __post_init__(self) -> None:
        check_address(self.address)

    def run(self, machine: Machine) -> Verdict:
        client = connect(machine, self.address)
        image = client.image(self.cri_image)
        if image is None or self._name not in _names(image):
            return self._absent(client)
        summary, found = f"CRI has the image `{self.cri_image}`", _facts(image)
        if self.exists:
            return passed(summary, found)
        holder = containerd.connect(machine, self.address, NAMESPACE)
        removal = ctr(holder, NAMESPACE, "images", "rm", self._name)
        return failed(summary, expected="no image", hint=removal, facts=found)

    @property
    def _name(self) -> str:
        name = self.cri_image
        return reference.full_id(name) or str(reference.parse(name))

    def _absent(self, client: Cri) -> Verdict:
        wanted = Named("image", self._name, NAMESPACE)
        if not self.exists:
            return passed(wanted.absent)
        holder = containerd.connect(client.machine, self.address, NAMESPACE)
        by_id = reference.full_id(self.cri_image)
        words = ("ls",) if by_id else ("pull", self._name)
        return missing(
            holder,
            wanted,
            hint=ctr(holder, NAMESPACE, "images", *words),
            find=self._elsewhere,
            near=lambda: self._near(client),
        )

    def _elsewhere(self, other: Containerd, namespace: str) -> object | None:
        return other.image(namespace, self._name)

    def _near(self, client: Cri) -> str:
        """Name other tags of the same repository, else what there is at all."""
        tags, wanted = client.tags(), reference.parse(self.cri_image).repository
        same = [tag for tag in tags if reference.parse(tag).repository == wanted]
        return instead("image", same or tags)


def _names(image: Image) -> set[str]:
    """Return all that the image is called in full."""
    called = (*image.repo_tags, *image.repo_digests)
    identity = reference.full_id(image.id) or image.id  # not all runtimes write sha256:
    return {identity, *(str(reference.parse(name)) for name in called)}


def _facts(image: Image) -> Facts:
    return {
        "id": shown(image.id),
        "tags": [shown(tag) for tag in image.repo_tags[:ENTRIES_LIMIT]],
        "digests": [shown(each) for each in image.repo_digests[:ENTRIES_LIMIT]],
        "size": image.size,
    }
