"""What the mirror has on disk: blobs by their digest, and the names of images.

A blob appears under its digest only when it is whole and is what the digest says, so
whoever reads needs no lock.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Literal

from lab_runner.errors import MachineError
from lab_runner.machines.mirror import documents
from lab_runner.machines.mirror.references import Reference

Origin = Literal["added", "asked", "pulled", "shipped"]


@dataclass(frozen=True, slots=True)
class Entry:
    """What a name stands for, and since when (`fetched`, seconds since 1970).

    `origin`: somebody added it, a lab asked for it, a machine pulled it, or it came with
    labrun. `source` is where it was added from if not its registry; `everywhere` means
    for all platforms; `exact` that the tag was given together with the digest.
    """

    digest: str
    fetched: float
    origin: Origin
    source: str = ""
    everywhere: bool = False
    exact: bool = False

    @property
    def is_pinned(self) -> bool:
        """Whether it stays what it is until somebody asks for something newer."""
        return self.origin in ("added", "asked")


class Store:
    """Blobs and names below `root`; what is missing is looked up `below` it."""

    def __init__(self, root: Path, below: Store | None = None) -> None:
        self._root = root
        self._below = below

    def blob(self, digest: str) -> Path | None:
        path = self._blob(digest)
        if path.exists():
            return path
        return self._below.blob(digest) if self._below else None

    def read(self, digest: str) -> bytes | None:
        path = self.blob(digest)
        return path.read_bytes() if path else None

    def write(self, data: bytes) -> str:
        """Store a blob that is at hand; return its digest."""
        digest = documents.digest_of(data)
        if not self.blob(digest):
            with self.incoming(len(data)) as file:
                file.write(data)
                self.keep(file, digest)
        return digest

    @contextmanager
    def incoming(self, size: int) -> Iterator[IO[bytes]]:
        """Open a file for a blob that is on its way.

        It has no name before it is kept, so what is interrupted leaves nothing.
        """
        blobs = self._blob("sha256:")
        blobs.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(blobs).free < size:
            raise MachineError(
                f"there is no room for {size // 10**6} MB in `{self._root}`",
                f"df -h {self._root}",
            )
        descriptor = os.open(blobs, os.O_TMPFILE | os.O_RDWR, 0o600)
        with os.fdopen(descriptor, "w+b", buffering=0) as file:
            yield file

    def keep(self, file: IO[bytes], digest: str) -> None:
        """Give an incoming file its name; raises MachineError if it is another blob."""
        file.seek(0)
        found = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # a raw file has all it needs
        if digest != f"sha256:{found}":
            raise MachineError(
                f"what was received is damaged: it is not {digest[:19]}…"
            )
        os.fsync(file.fileno())
        with suppress(FileExistsError):
            # os.link follows links only when it is given a descriptor as well.
            link = f"/proc/self/fd/{file.fileno()}"
            os.link(link, self._blob(digest), src_dir_fd=file.fileno())

    def entry(self, name: Reference) -> Entry | None:
        try:
            return Entry(**json.loads(self._name(name).read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            return self._below.entry(name) if self._below else None

    def name(self, name: Reference, entry: Entry) -> None:
        """Let a name stand for an image; the name is written whole or not at all."""
        path = self._name(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, aside = tempfile.mkstemp(prefix=".", dir=path.parent)
        os.close(descriptor)
        Path(aside).write_text(json.dumps(asdict(entry)))
        Path(aside).replace(path)

    def forget(self, name: Reference) -> None:
        self._name(name).unlink()

    def entries(self) -> dict[Reference, Entry]:
        """Return all names with what they stand for."""
        found = self._below.entries() if self._below else {}
        for path in sorted(self._names().rglob("_*/[!.]*")):
            name = self._reference(path)
            if entry := self.entry(name):
                found[name] = entry
        return found

    def parts(
        self, digest: str, everywhere: bool = True
    ) -> Iterator[documents.Descriptor]:
        """Yield all that the image of a digest consists of, here or not."""
        try:
            document = documents.read(self.read(digest) or b"")
        except MachineError:  # an index can call anything a manifest
            return
        for part in document.for_platform(everywhere):
            yield part
            if document.is_index:
                yield from self.parts(part.digest, everywhere)

    def size(self, digest: str) -> int:
        """Return how many bytes of an image are here."""
        digests = {digest, *(part.digest for part in self.parts(digest))}
        return sum(path.stat().st_size for each in digests if (path := self.blob(each)))

    def is_whole(self, digest: str, everywhere: bool) -> bool:
        """Return whether all is here that this host needs of an image, or anybody."""
        parts = [part.digest for part in self.parts(digest, everywhere)]
        return bool(parts) and all(map(self.blob, parts))

    def used(self) -> set[str]:
        """Return the digests of all that names lead to."""
        named = {entry.digest for entry in self.entries().values()}
        return named | {p.digest for each in named for p in self.parts(each)}

    def prune(self) -> int:
        """Delete the blobs that no name leads to; return how many bytes they took."""
        used, freed = self.used(), 0
        for path in self._blob("sha256:").glob("*"):
            if f"sha256:{path.name}" not in used:
                freed += path.stat().st_size
                path.unlink()
        return freed

    def _blob(self, digest: str) -> Path:
        algorithm, _, value = digest.partition(":")
        return self._root / "blobs" / algorithm / value

    def _names(self) -> Path:
        return self._root / "names"

    def _name(self, name: Reference) -> Path:
        # No part of a repository's name begins with `_`.
        kind = ("_tags", name.tag) if name.tag else ("_digests", name.digest)
        return self._names().joinpath(name.registry, name.repository, *kind)

    def _reference(self, path: Path) -> Reference:
        registry, _, repository = (
            path.parent.parent.relative_to(self._names()).as_posix().partition("/")
        )
        if path.parent.name == "_tags":
            return Reference(registry, repository, tag=path.name)
        return Reference(registry, repository, digest=path.name)


def of(root: Path) -> Store:
    """Return the store of a machine folder; below it are the images labrun makes."""
    return Store(root / "mirror", Store(root / "seed"))
