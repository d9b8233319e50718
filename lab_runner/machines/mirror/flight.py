"""A blob that is being fetched, and is read by everybody who asks for it meanwhile."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

from lab_runner.errors import MachineError
from lab_runner.machines.mirror.references import Reference
from lab_runner.machines.mirror.store import Store
from lab_runner.machines.mirror.transfer import Source

CHUNK = 1 << 18


class Blob(Protocol):
    """What can be sent of a blob; positions and sizes are in bytes."""

    def size(self) -> int: ...

    def pieces(self, start: int, end: int) -> Iterator[bytes]: ...


class Landed:
    """A blob on disk."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def size(self) -> int:
        return self._path.stat().st_size

    def pieces(self, start: int, end: int) -> Iterator[bytes]:
        with self._path.open("rb") as file:
            while start < end and (piece := os.pread(file.fileno(), CHUNK, start)):
                yield piece[: end - start]
                start += len(piece)


class Flight:
    """A blob on its way from a registry to the store."""

    def __init__(self, image: Reference, source: Source, store: Store) -> None:
        self._image = image
        self._source = source
        self._store = store
        self._changed = threading.Condition()
        self._file: IO[bytes] | None = None
        self._size = 0
        self._written = 0
        self._over = False
        self._error: Exception | None = None

    def run(self) -> None:
        """Fetch the blob; what goes wrong is told to those who wait for it."""
        image, error = self._image, None
        try:
            size, chunks = self._source.blob(image.repository, image.digest)
            with self._store.incoming(size) as file, self._shared(file, size):
                for chunk in chunks:
                    file.write(chunk)
                    with self._changed:
                        self._written += len(chunk)
                        self._changed.notify_all()
                self._store.keep(file, image.digest)
        except (MachineError, OSError) as failure:
            error = failure
        with self._changed:
            self._over, self._error = True, error
            self._changed.notify_all()

    def size(self) -> int:
        """Return the size once it is known; raises MachineError when it cannot be."""
        with self._changed:
            self._changed.wait_for(lambda: self._file or self._over)
            self._require_success()
            return self._size

    def pieces(self, start: int, end: int) -> Iterator[bytes]:
        """Yield the blob as it arrives; raises MachineError when it does not."""
        with self._reader() as file:
            while start < end:
                here = min(self._beyond(start), start + CHUNK, end)
                yield os.pread(file.fileno(), here - start, start)
                start = here

    def _beyond(self, position: int) -> int:
        """Wait until there is more; return how much, the end only when it was verified."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._over or position < self._written < self._size
            )
            self._require_success()
            return self._written

    def _reader(self) -> IO[bytes]:
        """Open the blob for one who reads it, however long that takes."""
        with self._changed:
            self._changed.wait_for(lambda: self._file or self._over)
            self._require_success()
            if self._file:
                return Path(f"/proc/self/fd/{self._file.fileno()}").open("rb")
        path = self._store.blob(self._image.digest)
        if path is None:
            raise MachineError(f"{self._image.digest} has just been removed")
        return path.open("rb")

    @contextmanager
    def _shared(self, file: IO[bytes], size: int) -> Iterator[None]:
        with self._changed:
            self._file, self._size = file, size
            self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._file = None

    def _require_success(self) -> None:
        if self._error:
            raise MachineError(str(self._error))
