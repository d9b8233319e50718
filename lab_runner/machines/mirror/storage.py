"""Writing images straight into the storage of docker-registry, without running it.

The layout of its files is distribution's registry/storage/paths.go, the documents are
Docker's image manifest, version 2 schema 2, which every client understands.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

TYPE = "application/vnd.docker"
MANIFEST = f"{TYPE}.distribution.manifest.v2+json"
CONFIG = f"{TYPE}.container.image.v1+json"
LAYER = f"{TYPE}.image.rootfs.diff.tar.gzip"
ENV = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
# Image configurations carry a date; a fixed one keeps digests the same everywhere.
CREATED = "1970-01-01T00:00:00Z"


class Registry:
    """The storage of a registry for images of one architecture (`amd64`, `arm64`…)."""

    def __init__(self, storage: Path, architecture: str) -> None:
        self._root = storage / "docker/registry/v2"
        self._architecture = architecture

    def put(
        self,
        repository: str,
        tags: Sequence[str],
        layers: Sequence[bytes],
        command: Sequence[str],
    ) -> str:
        """Store an image of uncompressed tar archives; return its digest."""
        packed = [gzip.compress(layer, mtime=0) for layer in layers]
        config = self._config(layers, command)
        blobs = [(CONFIG, config), *((LAYER, layer) for layer in packed)]
        stored = [self._descriptor(kind, blob) for kind, blob in blobs]
        manifest = _document(
            schemaVersion=2, mediaType=MANIFEST, config=stored[0], layers=stored[1:]
        )
        folder = self._root / "repositories" / repository
        for each in stored:
            _link(folder / "_layers", str(each["digest"]))
        return self._tag(folder / "_manifests", self._store(manifest), tags)

    def _config(self, layers: Sequence[bytes], command: Sequence[str]) -> bytes:
        return _document(
            architecture=self._architecture,
            os="linux",
            created=CREATED,
            config={"Env": ENV, "Cmd": list(command)},
            rootfs={"type": "layers", "diff_ids": [_digest(each) for each in layers]},
            history=[{"created": CREATED, "created_by": "labrun"} for _ in layers],
        )

    def _descriptor(self, kind: str, blob: bytes) -> dict[str, str | int]:
        return {"mediaType": kind, "size": len(blob), "digest": self._store(blob)}

    def _store(self, blob: bytes) -> str:
        digest = _digest(blob)
        algorithm, _, value = digest.partition(":")
        path = self._root / "blobs" / algorithm / value[:2] / value / "data"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(blob)
        return digest

    def _tag(self, manifests: Path, digest: str, tags: Sequence[str]) -> str:
        _link(manifests / "revisions", digest)
        for tag in tags:
            _link(manifests / "tags" / tag / "index", digest)
            current = manifests / "tags" / tag / "current"
            current.mkdir(exist_ok=True)
            (current / "link").write_text(digest)
        return digest


def _link(folder: Path, digest: str) -> None:
    path = folder.joinpath(*digest.split(":"))
    path.mkdir(parents=True, exist_ok=True)
    (path / "link").write_text(digest)


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _document(**fields: object) -> bytes:
    return json.dumps(fields, separators=(",", ":")).encode()
