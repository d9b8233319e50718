"""References to images, completed the way Docker completes them."""

from __future__ import annotations

import re
from dataclasses import dataclass

ID = re.compile(r"(?:sha256:)?([0-9a-f]{64})")
HUB = "docker.io"


@dataclass(frozen=True, slots=True)
class Reference:
    """`busybox` is docker.io/library/busybox with tag `latest`; a digest beats a tag."""

    repository: str
    tag: str
    digest: str = ""

    def __str__(self) -> str:
        end = f"@{self.digest}" if self.digest else f":{self.tag}"
        return self.repository + end

    @property
    def familiar(self) -> str:
        """The short form that `docker images` shows: `busybox:latest`."""
        return str(self).removeprefix(f"{HUB}/").removeprefix("library/")

    @property
    def name(self) -> str:
        """The last part of the repository: `busybox`."""
        return self.repository.rpartition("/")[2]


def parse(text: str) -> Reference:
    """Complete a reference as in distribution/reference, ParseNormalizedNamed."""
    named, _, digest = text.partition("@")
    path, colon, tag = named.rpartition(":")
    if not colon or "/" in tag:
        path, tag = named, "latest"
    return Reference(_complete(path), "" if digest else tag, digest)


def full_id(text: str) -> str | None:
    """Return `sha256:…` when the text is an image's whole ID, else None."""
    match = ID.fullmatch(text)
    return f"sha256:{match[1]}" if match else None


def _complete(path: str) -> str:
    domain, slash, rest = path.partition("/")
    is_domain = slash and (
        "." in domain
        or ":" in domain
        or domain == "localhost"
        or domain.lower() != domain
    )
    if not is_domain:
        domain, rest = HUB, path
    if domain == f"index.{HUB}":
        domain = HUB
    if domain == HUB and "/" not in rest:
        rest = f"library/{rest}"
    return f"{domain}/{rest}"
