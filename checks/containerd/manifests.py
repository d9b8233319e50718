"""What an image is made of: the platforms of its index, and the snapshot of its layers.

Manifests and configurations are read as the OCI image specification has them, and
Docker's older formats with the same field names.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from checks.errors import CheckError
from checks.findings import shown

if TYPE_CHECKING:
    from checks.containerd.client import Containerd

PLATFORMS_LIMIT = 64
# What uname(1) says of processors, in the words of Go's GOARCH.
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm", "i686": "386"}


class Incomplete(CheckError):
    """A document of the image is not in the content store: fetched in part only."""


def architecture(machine_name: str) -> str:
    """Return what images call a processor that uname(1) calls `machine_name`."""
    return ARCHITECTURES.get(machine_name, machine_name)


def platforms(client: Containerd, digest: str) -> dict[str, str]:
    """Map each platform of an image, such as `linux/amd64`, to its manifest's digest.

    Raises Incomplete where a document is not there to be read.
    """
    found = _document(client, digest)
    if "manifests" not in found:
        config = _document(client, _digest(found.get("config")))
        return {_platform(config): digest}
    return {
        _platform(each.get("platform")): _digest(each)
        for each in _several(found["manifests"])[:PLATFORMS_LIMIT]
        if _is_image(each)
    }


def chain(client: Containerd, manifest: str) -> str:
    """Return the key of the snapshot that an image's unpacked layers end in."""
    config = _document(client, _digest(_document(client, manifest).get("config")))
    layers = config.get("rootfs", {}).get("diff_ids", [])
    if not layers or not all(isinstance(each, str) for each in layers):
        raise CheckError(f"the configuration of `{manifest}` names no layers")
    key: str = layers[0]
    for layer in layers[1:]:
        key = "sha256:" + hashlib.sha256(f"{key} {layer}".encode()).hexdigest()
    return key


def absent_layers(client: Containerd, manifest: str) -> Iterator[str]:
    """Yield the layers of a manifest that the content store does not have."""
    for layer in _several(_document(client, manifest).get("layers")):
        if client.content(client.namespace, _digest(layer)) is None:
            yield _digest(layer)


def _document(client: Containerd, digest: str) -> Mapping[str, Any]:
    data = client.blob(client.namespace, digest)
    if data is None:
        raise Incomplete(f"its document `{digest}` has not been fetched")
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise CheckError(f"`{digest}` is not a document of an image")
    return found


def _several(value: object) -> Sequence[Mapping[str, Any]]:
    listed = value if isinstance(value, list) else []
    return [each for each in listed if isinstance(each, dict)]


def _digest(descriptor: object) -> str:
    digest = descriptor.get("digest") if isinstance(descriptor, Mapping) else None
    if not isinstance(digest, str):
        raise CheckError("a document of the image names no digest")
    return digest


def _platform(value: object) -> str:
    platform = value if isinstance(value, Mapping) else {}
    parts = [
        str(platform.get(name) or "") for name in ("os", "architecture", "variant")
    ]
    return shown("/".join(part for part in parts if part)) or "unknown"


def _is_image(descriptor: Mapping[str, Any]) -> bool:
    # Attestations stand beside the images of an index and are for no platform.
    return _platform(descriptor.get("platform")) != "unknown/unknown"
