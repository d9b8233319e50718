"""Bringing an image into the store, from wherever it is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Protocol

from lab_runner.errors import MachineError
from lab_runner.machines.mirror import documents
from lab_runner.machines.mirror.documents import Descriptor
from lab_runner.machines.mirror.references import Reference
from lab_runner.machines.mirror.store import Entry, Origin, Store
from lab_runner.machines.progress import Progress

STEP = 10


class Source(Protocol):
    """Where images are fetched from."""

    def digest(self, repository: str, wanted: str) -> str:
        """Return the digest of what a tag or digest names."""

    def manifest(self, repository: str, wanted: str) -> bytes:
        """Return a manifest or an index."""

    def blob(self, repository: str, digest: str) -> tuple[int, Iterator[bytes]]:
        """Return the size of a blob, in bytes, and the blob piece by piece."""


def manifest(source: Source, store: Store, image: Reference, digest: str) -> bytes:
    """Return a manifest of the store, brought there from the source where missing."""
    found = store.read(digest)
    if found is None:
        found = source.manifest(image.repository, digest)
        if documents.digest_of(found) != digest:
            raise MachineError(f"the manifest of `{image}` is damaged")
        documents.read(found)
        store.write(found)
    return found


class Transfer:
    """One image on its way from a source into a store.

    `everywhere` takes what is for any platform; else only what this host can run. The
    manifest is stored as it is in either case, so its digest stays exact.
    """

    def __init__(
        self,
        image: Reference,
        source: Source,
        store: Store,
        progress: Progress,
        *,
        everywhere: bool = False,
    ) -> None:
        self._image = image
        self._source = source
        self._store = store
        self._progress = progress
        self._everywhere = everywhere

    def run(self, origin: Origin, told: str = "") -> Entry:
        """Fetch what is missing; the image has its name only once all of it is there.

        `told` is what the source is called in the entry.
        """
        self._progress(f"looking for {self._image}")
        digest = self._source.digest(self._image.repository, self._image.wanted)
        if self._image.digest not in ("", digest):
            raise MachineError(f"`{self._image}` is not there, but {digest}")
        blobs = self._blobs(digest)
        missing = [each for each in blobs if not self._store.blob(each.digest)]
        self._fetch(missing)
        entry = Entry(
            digest,
            time.time(),
            origin,
            told,
            everywhere=self._everywhere,
            exact=bool(self._image.digest),
        )
        self._store.name(self._image.name, entry)
        return entry

    def _blobs(self, digest: str) -> list[Descriptor]:
        """Have the manifests in the store; return the blobs that they name."""
        data = manifest(self._source, self._store, self._image, digest)
        document = documents.read(data)
        parts = document.for_platform(self._everywhere)
        if not parts:
            raise MachineError(
                f"`{self._image}` is not for linux/{documents.architecture()}",
                f"labrun machine mirror add {self._image} --all-platforms",
            )
        if not document.is_index:
            return list(parts)
        return [blob for part in parts for blob in self._blobs(part.digest)]

    def _fetch(self, blobs: list[Descriptor]) -> None:
        total, done = sum(blob.size for blob in blobs), 0
        for blob in blobs:
            if self._store.blob(blob.digest):  # several platforms share it
                continue
            _, chunks = self._source.blob(self._image.repository, blob.digest)
            with self._store.incoming(blob.size) as file:
                for chunk in chunks:
                    file.write(chunk)
                    done += len(chunk)
                    self._tell(done, total)
                self._store.keep(file, blob.digest)

    def _tell(self, done: int, total: int) -> None:
        percent = 100 * done // max(total, 1) // STEP * STEP
        self._progress(f"fetching {self._image} ({total / 1e6:.1f} MB) {percent} %")
