"""The kind `image`: an image that containerd has."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from checks import reference
from checks.containerd import contents
from checks.containerd.connect import check_place, connect, ctr
from checks.containerd.findings import Named, judge
from checks.containerd.missing import instead, missing
from checks.doors.machine import Machine
from checks.errors import CheckError
from checks.findings import facts, labels
from checks.matchers import Matcher
from checks.platforms import check_platform
from checks.verdict import Status, Verdict, passed

if TYPE_CHECKING:
    from checks.containerd.client import Containerd
    from checks.containerd.proto import images_pb2


@dataclass(frozen=True, slots=True)
class Image:
    """An image that containerd has in a namespace, by its exact and full reference.

        - image: docker.io/library/busybox:latest
          namespace: default

    containerd completes no names: `busybox` is another image than
    `docker.io/library/busybox:latest`. The fact `size` is the bytes of the manifest or
    index, not of the layers.
    """

    FACTS: ClassVar = ("name", "namespace", "digest", "media_type", "size")

    image: str
    """Its whole reference, as `ctr images ls` shows it."""
    namespace: str | None = None
    digest: Matcher | None = None
    """The digest of its manifest or, for several platforms, of its index."""
    platform: str | None = None
    """A platform such as `linux/amd64` for which it must have a manifest here."""
    unpacked: bool | None = None
    """Whether its layers are unpacked, so that a container can be made of it; for
    `platform`, else for this machine's."""
    snapshotter: str = "overlayfs"
    """Where `unpacked` looks for the layers."""
    labels: Mapping[str, Matcher] | None = None
    exists: bool = True
    address: str | None = None

    def __post_init__(self) -> None:
        check_place(self.namespace, self.address)
        check_platform(self.platform)

    def run(self, machine: Machine) -> Verdict:
        client = connect(machine, self.address, self.namespace)
        wanted = Named("image", self.image, client.namespace)
        image = client.image(client.namespace, self.image)
        if image is not None:
            return self._found(client, wanted, image)
        return self._missing(client, wanted) if self.exists else passed(wanted.absent)

    def _found(
        self, client: Containerd, wanted: Named, image: images_pb2.Image
    ) -> Verdict:
        target = image.target
        found = facts(
            name=image.name,
            namespace=client.namespace,
            digest=target.digest,
            media_type=target.media_type,
            size=target.size,
        )
        properties = [
            ("digest", self.digest, target.digest),
            *labels(self.labels, image.labels),
        ]
        removal = ctr(client, client.namespace, "images", "rm", self.image)
        verdict = judge(wanted, found, properties, exists=self.exists, removal=removal)
        asks_deeper = self.platform is not None or self.unpacked is not None
        if verdict.status is not Status.PASSED or not asks_deeper:
            return verdict
        return contents.judge(client, self, found) or verdict

    def _missing(self, client: Containerd, wanted: Named) -> Verdict:
        return missing(
            client,
            wanted,
            hint=self._pull(client),
            find=lambda other, namespace: other.image(namespace, self.image),
            near=lambda: self._near(client),
        )

    def _near(self, client: Containerd) -> str:
        names = list(client.images(client.namespace))
        repository = reference.parse(self.image).repository
        same = [name for name in names if _is_of(name, repository)]
        if same:
            return instead("image", same)
        with suppress(CheckError):
            if _has_content(client, repository):
                return ", though content of it is still there"
        return instead("image", names)

    def _pull(self, client: Containerd) -> str:
        full = str(reference.parse(self.image))
        pull = ctr(client, client.namespace, "images", "pull", full)
        if full == self.image:
            return pull
        # Only under its full reference can `ctr` pull an image.
        tag = ctr(client, client.namespace, "images", "tag", full, self.image)
        return f"{pull} && {tag}"


def _is_of(name: str, repository: str) -> bool:
    return reference.parse(name).repository == repository


def _has_content(client: Containerd, repository: str) -> bool:
    """Tell whether something pulled from a repository is in the content store."""
    domain, _, path = repository.partition("/")
    label = f'labels."containerd.io/distribution.source.{domain}"=="{path}"'
    return any(True for _ in client.contents(client.namespace, label))
