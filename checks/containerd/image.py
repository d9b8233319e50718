"""The kind `image`: an image that containerd has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from checks import reference
from checks.containerd.connect import check_place, connect, ctr
from checks.containerd.findings import Named, facts, judge, labels
from checks.containerd.missing import missing
from checks.doors.machine import Machine
from checks.matchers import Matcher
from checks.verdict import Verdict, passed

if TYPE_CHECKING:
    from checks.containerd.client import Containerd
    from checks.containerd.proto import images_pb2


@dataclass(frozen=True, slots=True)
class Image:
    """An image that containerd has in a namespace, by its exact and full reference.

        - image: docker.io/library/busybox:latest
          namespace: default

    containerd completes no names: `busybox` is another image than
    `docker.io/library/busybox:latest`. `digest` is that of the manifest or index, and
    the fact `size` is the bytes of that document, not of the layers.
    """

    FACTS: ClassVar = ("name", "namespace", "digest", "media_type", "size")

    image: str
    namespace: str = "default"
    digest: Matcher | None = None
    labels: Mapping[str, Matcher] | None = None
    exists: bool = True
    address: str | None = None

    def __post_init__(self) -> None:
        check_place(self.namespace, self.address)

    def run(self, machine: Machine) -> Verdict:
        client = connect(machine, self.address)
        wanted = Named("image", self.image, self.namespace)
        image = client.image(self.namespace, self.image)
        if image is not None:
            return self._found(client, wanted, image)
        return self._missing(client, wanted) if self.exists else passed(wanted.absent)

    def _found(
        self, client: Containerd, wanted: Named, image: images_pb2.Image
    ) -> Verdict:
        target = image.target
        found = facts(
            name=image.name,
            namespace=self.namespace,
            digest=target.digest,
            media_type=target.media_type,
            size=target.size,
        )
        properties = [
            ("digest", self.digest, target.digest),
            *labels(self.labels, image.labels),
        ]
        removal = ctr(client, self.namespace, "images", "rm", self.image)
        return judge(wanted, found, properties, exists=self.exists, removal=removal)

    def _missing(self, client: Containerd, wanted: Named) -> Verdict:
        return missing(
            client,
            wanted,
            hint=self._pull(client),
            find=lambda namespace: client.image(namespace, self.image),
            near=lambda: _near(self.image, client.images(self.namespace)),
        )

    def _pull(self, client: Containerd) -> str:
        full = str(reference.parse(self.image))
        pull = ctr(client, self.namespace, "images", "pull", full)
        if full == self.image:
            return pull
        # Only under its full reference can `ctr` pull an image.
        tag = ctr(client, self.namespace, "images", "tag", full, self.image)
        return f"{pull} && {tag}"


def _near(wanted: str, names: Sequence[str]) -> Sequence[str]:
    """Return the images of the same repository, or all when there is none."""
    repository = reference.parse(wanted).repository
    same = [name for name in names if reference.parse(name).repository == repository]
    return same or names
