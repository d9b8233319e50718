"""Making images of archives: Docker's manifest, version 2 schema 2, known to all clients."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Sequence

from lab_runner.machines.mirror import documents
from lab_runner.machines.mirror.references import Reference
from lab_runner.machines.mirror.store import Entry, Store

CONFIG = "application/vnd.docker.container.image.v1+json"
LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
ENV = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
# Image configurations carry a date; a fixed one keeps digests the same everywhere.
CREATED = "1970-01-01T00:00:00Z"


def ship(
    store: Store,
    names: Sequence[Reference],
    layers: Sequence[bytes],
    command: Sequence[str],
) -> str:
    """Store an image of uncompressed tar archives under its names; return its digest."""
    packed = [gzip.compress(layer, mtime=0) for layer in layers]
    config = _config(layers, command)
    blobs = [(CONFIG, config), *((LAYER, layer) for layer in packed)]
    stored = [
        {"mediaType": kind, "size": len(blob), "digest": store.write(blob)}
        for kind, blob in blobs
    ]
    manifest = _document(
        schemaVersion=2, mediaType=MANIFEST, config=stored[0], layers=stored[1:]
    )
    digest = store.write(manifest)
    for name in names:
        store.name(name, Entry(digest, time.time(), "shipped"))
    return digest


def _config(layers: Sequence[bytes], command: Sequence[str]) -> bytes:
    diff_ids = [documents.digest_of(each) for each in layers]
    return _document(
        architecture=documents.architecture(),
        os="linux",
        created=CREATED,
        config={"Env": ENV, "Cmd": list(command)},
        rootfs={"type": "layers", "diff_ids": diff_ids},
        history=[{"created": CREATED, "created_by": "labrun"} for _ in layers],
    )


def _document(**fields: object) -> bytes:
    return json.dumps(fields, separators=(",", ":")).encode()
