"""Names of images, as Docker understands them: the reference of distribution."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from checks.words import did_you_mean
from lab_runner.errors import UsageError
from lab_runner.machines.mirror.documents import DIGEST
from lab_runner.machines.mirror.registries import DOCKER_HUB, SERVERS

TAG = r"\w[\w.-]{0,127}"
REPOSITORY = (
    r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*"
)
WRITTEN = re.compile(
    rf"(?P<name>[^:@]+(?::\d+/[^:@]+)?)(?::(?P<tag>{TAG}))?(?:@(?P<digest>{DIGEST.pattern}))?",
    re.ASCII,
)
ALIASES = {"index.docker.io": DOCKER_HUB, "registry-1.docker.io": DOCKER_HUB}
LONGEST = 255


@dataclass(frozen=True, slots=True)
class Reference:
    """An image by tag, by digest, or by both; what is not given is empty."""

    registry: str
    repository: str
    tag: str = ""
    digest: str = ""

    def __str__(self) -> str:
        tag = f":{self.tag}" if self.tag else ""
        digest = f"@{self.digest}" if self.digest else ""
        return f"{self.registry}/{self.repository}{tag}{digest}"

    @property
    def wanted(self) -> str:
        """What to ask a registry for: the digest wins over the tag."""
        return self.digest or self.tag

    @property
    def name(self) -> Reference:
        """The reference by which it is kept: a tag may have come with a digest."""
        return replace(self, digest="") if self.tag else self


def parse(text: str) -> Reference:
    """Return what a name means in full: `busybox` is docker.io/library/busybox:latest.

    Raises UsageError for what is no name, or of a registry the mirror does not pass for.
    """
    found = WRITTEN.fullmatch(text)
    registry, repository = _parted(found["name"]) if found else ("", "")
    if not found or not re.fullmatch(REPOSITORY, repository) or len(text) > LONGEST:
        raise UsageError(
            f"`{text}` is not the name of an image",
            "write `busybox`, `quay.io/team/image:tag` or `image@sha256:…`",
        )
    if registry not in SERVERS:
        raise UsageError(
            f"the mirror does not pass for `{registry}`{did_you_mean(registry, SERVERS)}",
            f"registries: {', '.join(SERVERS)}",
        )
    tag, digest = found["tag"] or "", found["digest"] or ""
    return Reference(registry, repository, tag or ("" if digest else "latest"), digest)


def _parted(name: str) -> tuple[str, str]:
    """Part a name into registry and repository, as Docker does."""
    first, slash, rest = name.partition("/")
    is_server = "." in first or ":" in first or first == "localhost"
    registry, repository = (first, rest) if slash and is_server else (DOCKER_HUB, name)
    registry = ALIASES.get(registry, registry)
    official = registry == DOCKER_HUB and "/" not in repository
    return registry, f"library/{repository}" if official else repository
