"""A directory in the OCI image layout: its index, and the images it leads to.

https://github.com/opencontainers/image-spec/blob/main/image-layout.md
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from checks.doors.machine import Machine

INDEX_TYPES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
DIGEST = re.compile(r"sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})")
NAME = "org.opencontainers.image.ref.name"
JSON_LIMIT, DEEPEST = 4 << 20, 3


class Invalid(ValueError):
    """The layout is not whole, or not one; the message is a sentence about it."""


@dataclass(frozen=True, slots=True)
class Descriptor:
    """What an index or a manifest says of a blob; `platform` is `linux/amd64` or empty.

    `tag` is the name that the index of a layout gives it.
    """

    digest: str
    size: int
    media_type: str
    platform: str
    tag: str

    @property
    def is_index(self) -> bool:
        return self.media_type in INDEX_TYPES


@dataclass(frozen=True, slots=True)
class Image:
    """An image for one platform: its manifest's configuration and layers."""

    platform: str
    config: Descriptor
    layers: tuple[Descriptor, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The layout in a directory of a machine, read blob by blob as it is asked."""

    machine: Machine
    path: str

    def images(self) -> list[Descriptor]:
        """Return what `index.json` lists; raises FileNotFoundError or Invalid."""
        version = self._json("oci-layout").get("imageLayoutVersion")
        if not isinstance(version, str) or not version.startswith("1."):
            raise Invalid(f"`{self.path}/oci-layout` names no version 1 of the layout")
        try:
            index = self._json("index.json")
        except FileNotFoundError:
            raise Invalid(f"`{self.path}` has no `index.json`") from None
        return _listed(index, "manifests", "`index.json`")

    def manifests(self, image: Descriptor, depth: int = 0) -> Iterator[Descriptor]:
        """Yield the manifests of an image, one for each platform; raises Invalid."""
        if not image.is_index:
            yield image
        elif depth < DEEPEST:
            where = f"index `{image.digest}`"
            for each in _listed(self._blob(image, "index"), "manifests", where):
                yield from self.manifests(each, depth + 1)

    def has(self, blob: Descriptor) -> bool:
        try:
            self.machine.stat(self._path(blob))
        except FileNotFoundError:
            return False
        return True

    def image(self, manifest: Descriptor) -> Image:
        """Follow a manifest to its configuration; raises Invalid."""
        said = self._blob(manifest, "manifest")
        config = _descriptor(said.get("config"), f"manifest `{manifest.digest}`")
        layers = _listed(said, "layers", f"manifest `{manifest.digest}`")
        platform = _platform(self._blob(config, "configuration"))
        return Image(platform or manifest.platform, config, tuple(layers))

    def _blob(self, of: Descriptor, what: str) -> Mapping[str, Any]:
        """Return a JSON blob whose digest is compared; raises Invalid."""
        try:
            data = self.machine.read(self._path(of), JSON_LIMIT)
        except FileNotFoundError:
            raise Invalid(f"the {what} `{of.digest}` is not among its blobs") from None
        if not _is(data, of.digest):
            raise Invalid(f"the blob `{of.digest}` is damaged: its digest is another")
        return _object(data, f"the blob `{of.digest}`")

    def damage(self, layer: Descriptor, *, verify: int) -> str:
        """Say what is wrong with a layer, if anything.

        The digest is compared of a layer of up to `verify` bytes, the size of any.
        """
        path = self._path(layer)
        try:
            size = self.machine.stat(path).size
        except FileNotFoundError:
            return "is not among its blobs"
        if size != layer.size:
            return f"has {size} bytes, and its manifest says {layer.size}"
        if size <= verify and not _is(self.machine.read(path, verify), layer.digest):
            return "is damaged: its digest is another"
        return ""

    def _path(self, blob: Descriptor) -> str:
        return f"{self.path}/blobs/{blob.digest.replace(':', '/')}"

    def _json(self, name: str) -> Mapping[str, Any]:
        path = f"{self.path}/{name}"
        return _object(self.machine.read(path, JSON_LIMIT), f"`{path}`")


def _object(data: bytes, what: str) -> Mapping[str, Any]:
    try:
        found = json.loads(data)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}: {error.msg}"
        raise Invalid(f"{what} is not JSON: {where}") from None
    except (ValueError, RecursionError):
        raise Invalid(f"{what} is not JSON") from None
    if not isinstance(found, dict):
        raise Invalid(f"{what} is not a JSON object")
    return found


def _listed(said: Mapping[str, Any], key: str, where: str) -> list[Descriptor]:
    listed = said.get(key)
    if not isinstance(listed, list):
        raise Invalid(f"{where} has no list `{key}`")
    return [_descriptor(each, where) for each in listed]


def _descriptor(said: Any, where: str) -> Descriptor:
    found = said if isinstance(said, dict) else {}
    digest, size = found.get("digest"), found.get("size")
    if not isinstance(digest, str) or not DIGEST.fullmatch(digest):
        raise Invalid(f"{where} names a blob without a digest")
    if not isinstance(size, int):
        raise Invalid(f"{where} tells no size of `{digest}`")
    annotations, platform = found.get("annotations"), found.get("platform")
    return Descriptor(
        digest=digest,
        size=size,
        media_type=str(found.get("mediaType") or ""),
        platform=_platform(platform) if isinstance(platform, dict) else "",
        tag=str(annotations.get(NAME) or "") if isinstance(annotations, dict) else "",
    )


def _platform(said: Mapping[str, Any]) -> str:
    """Word a platform as `docker --platform` takes it: os/architecture[/variant]."""
    parts = (said.get(key) for key in ("os", "architecture", "variant"))
    return "/".join(part for part in parts if isinstance(part, str) and part)


def _is(data: bytes, digest: str) -> bool:
    algorithm, _, wanted = digest.partition(":")
    return hashlib.new(algorithm, data).hexdigest() == wanted
