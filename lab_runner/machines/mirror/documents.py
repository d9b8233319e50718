"""The documents of images: manifests, and the indexes that list one for each platform.

Both the ones of the OCI image specification and Docker's own.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import dataclass
from typing import Any

from lab_runner.errors import MachineError

OCI = "application/vnd.oci.image"
DOCKER = "application/vnd.docker.distribution"
INDEXES = (f"{OCI}.index.v1+json", f"{DOCKER}.manifest.list.v2+json")
MANIFESTS = (f"{OCI}.manifest.v1+json", f"{DOCKER}.manifest.v2+json")
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm"}


@dataclass(frozen=True, slots=True)
class Descriptor:
    """A blob that a document names; `size` in bytes."""

    digest: str
    size: int
    architecture: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A manifest with its configuration and layers, or an index with its manifests."""

    media_type: str
    parts: tuple[Descriptor, ...]

    @property
    def is_index(self) -> bool:
        return self.media_type in INDEXES

    def for_platform(self, everywhere: bool) -> tuple[Descriptor, ...]:
        """Return the parts that this host's platform needs, or those of all."""
        if everywhere or not self.is_index:
            return self.parts
        return tuple(p for p in self.parts if p.architecture == architecture())


def read(data: bytes) -> Document:
    """Read a document; raises MachineError for what is none."""
    try:
        found = json.loads(data)
        named = _named(found)
        parts = tuple(_descriptor(each) for each in named)
        kind = (
            found.get("mediaType")
            or (INDEXES if "manifests" in found else MANIFESTS)[0]
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise MachineError("this is not the manifest of an image") from None
    if kind not in (*INDEXES, *MANIFESTS):
        raise MachineError(f"images of the kind `{kind}` are not understood")
    return Document(kind, parts)


def digest_of(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def architecture() -> str:
    """Return this host's architecture by the name that images use."""
    machine = os.uname().machine
    return ARCHITECTURES.get(machine, machine)


def _named(found: Any) -> list[Any]:
    if "manifests" in found:
        return list(found["manifests"])
    return [found["config"], *found["layers"]]


def _descriptor(found: Any) -> Descriptor:
    # It becomes part of a path, and whoever made the image chose it.
    if not DIGEST.fullmatch(found["digest"]):
        raise ValueError(found["digest"])
    platform = found.get("platform") or {}
    is_linux = platform.get("os", "linux") == "linux"
    architecture = str(platform.get("architecture", "")) if is_linux else ""
    return Descriptor(found["digest"], int(found["size"]), architecture)
