"""The kind `docker-image`: an image that Docker has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from checks import reference
from checks.docker import client, objects
from checks.docker.compared import accepts
from checks.docker.missing_image import begun_by, instead
from checks.docker.objects import Image
from checks.doors.machine import Machine
from checks.matchers import Matcher
from checks.platforms import check_platform, covers
from checks.verdict import Verdict, failed, passed

SHOWN = 20


@dataclass(frozen=True, slots=True)
class DockerImage:
    """An image that Docker has, by its exact name, digest or full ID.

        - docker-image: busybox:1.36

    The name is completed the way Docker does it: `busybox` is
    `docker.io/library/busybox:latest`.
    """

    FACTS: ClassVar = ("id", "tags", "digests", "platform")

    docker_image: str
    """A name, or a digest or ID in full; the beginning of an ID names no image."""
    digest: Matcher | None = None
    """The one under which the image's registry knows it; an image that was built or
    imported on the machine has none."""
    platform: str | None = None
    """The one it is for, such as `linux/arm64`."""
    exists: bool = True
    """`false` asks that Docker has no such image."""
    address: str | None = None

    def __post_init__(self) -> None:
        client.check_address(self.address)
        check_platform(self.platform)

    def run(self, machine: Machine) -> Verdict:
        name = self.docker_image
        found = objects.image(machine, self.address, name)
        if found is None and self.exists:
            return self._missing(objects.images(machine, self.address))
        if found is None:
            return passed(f"Docker has no image `{name}`")
        summary, facts = f"Docker has the image `{name}`", _facts(found)
        if not self.exists:
            return failed(summary, hint=f"docker rmi {name}", facts=facts)
        digests = self._digests(found)
        if self.digest and not accepts(self.digest, digests):
            return failed(
                f"{summary} with {_shown(digests)}",
                expected=f"digest {self.digest.describe()}",
                actual=" ".join(digests) or "no digest",
                hint=self._pull(),
                facts=facts,
            )
        if self.platform and not covers(self.platform, found.platform):
            return failed(
                f"{summary} for {found.platform or 'no platform that it tells'}",
                expected=self.platform,
                actual=found.platform,
                hint=self._pull(),
                facts=facts,
            )
        return passed(summary, facts)

    def _digests(self, found: Image) -> list[str]:
        """Return the digests of the repository asked for; of all when asked by ID."""
        known = [reference.parse(text) for text in found.digests]
        if not reference.full_id(self.docker_image):
            repository = reference.parse(self.docker_image).repository
            known = [each for each in known if each.repository == repository]
        return [each.digest for each in known]

    def _missing(self, images: Sequence[Image]) -> Verdict:
        name = self.docker_image
        begun = begun_by(name, images)
        is_id = begun or reference.full_id(name)
        return failed(
            f"Docker has no image `{name}`{begun or instead(name, images)}",
            hint="docker images --no-trunc" if is_id else self._pull(),
        )

    def _pull(self) -> str:
        platform = f"--platform {self.platform} " if self.platform else ""
        return f"docker pull {platform}{self.docker_image}"


def _shown(digests: Sequence[str]) -> str:
    if not digests:
        return "no digest of its registry: it was not pulled from there"
    return f"digest {digests[0]}"


def _facts(found: Image) -> dict[str, object]:
    return {
        "id": found.id,
        "tags": list(found.tags[:SHOWN]),
        "digests": list(found.digests[:SHOWN]),
        "platform": found.platform,
    }
