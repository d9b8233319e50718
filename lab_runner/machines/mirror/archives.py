"""Images from anything that skopeo can read: archives, folders, a Docker daemon."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from checks.words import did_you_mean
from lab_runner.errors import MachineError, UsageError
from lab_runner.machines import folder, host
from lab_runner.machines.mirror import documents
from lab_runner.machines.mirror.flight import Landed
from lab_runner.machines.progress import ESCAPES, Progress

# How skopeo is to copy; what comes from Docker has no digest that could be preserved.
EXACT = ("--all", "--preserve-digests")
PACKED = ("--dest-compress",)
TRANSPORTS = {
    "oci": EXACT,
    "oci-archive": EXACT,
    "dir": EXACT,
    "docker": EXACT,
    "docker-archive": PACKED,
    "docker-daemon": PACKED,
}
FATAL = re.compile(r"FATA\[\d+\] (?P<reason>.*)")


class Unpacked:
    """An image in a folder, as skopeo's transport `dir` lays it out."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def digest(self, _repository: str, _wanted: str) -> str:
        """Return the digest of the one image that is here, whatever it is called."""
        return documents.digest_of((self._path / "manifest.json").read_bytes())

    def manifest(self, repository: str, wanted: str) -> bytes:
        top = self._path / "manifest.json"
        inner = self._path / f"{wanted.removeprefix('sha256:')}.manifest.json"
        return (
            top if self.digest(repository, wanted) == wanted else inner
        ).read_bytes()

    def blob(self, _repository: str, digest: str) -> tuple[int, Iterator[bytes]]:
        file = Landed(self._path / digest.removeprefix("sha256:"))
        return file.size(), file.pieces(0, file.size())


@contextmanager
def unpacked(source: str, progress: Progress) -> Iterator[Unpacked]:
    """Unpack `TRANSPORT:PLACE` for as long as it is needed; one at a time.

    Raises UsageError for a transport that is none, MachineError for what cannot be read.
    """
    transport = source.partition(":")[0]
    if ":" not in source or transport not in TRANSPORTS:
        raise UsageError(
            f"`{source}` does not say how to read it{did_you_mean(transport, TRANSPORTS)}",
            "write `oci-archive:FILE`, `oci:FOLDER`, `docker-archive:FILE`, "
            "`docker-daemon:IMAGE`, `dir:FOLDER` or `docker://REGISTRY`",
        )
    host.require_tools({"skopeo": "skopeo"})
    with _empty(folder.root() / ".unpacked") as aside:
        progress(f"reading {source}")
        argv = ["skopeo", "copy", *TRANSPORTS[transport], source, f"dir:{aside}/image"]
        said: list[str] = []
        if host.watch(argv, said.append, {"TMPDIR": str(aside)}):
            raise MachineError(f"`{source}` cannot be read: {_reason(source, said)}")
        yield Unpacked(aside / "image")


@contextmanager
def _empty(path: Path) -> Iterator[Path]:
    """Make an empty folder, whatever one that was killed has left there."""
    folder.remove(path)
    path.mkdir(mode=0o700)
    try:
        yield path
    finally:
        folder.remove(path)


def _reason(source: str, said: list[str]) -> str:
    """Return what skopeo gives as the reason, without the places it was noticed in."""
    lines = [ESCAPES.sub("", line) for line in said]
    fatal = next(
        (found["reason"] for line in lines if (found := FATAL.search(line))), ""
    )
    reason = fatal.strip().rpartition(": ")[2] or "skopeo was interrupted"
    is_there = Path(source.split(":")[1]).exists()
    if is_there and reason == "no such file or directory":
        return "something is missing in it"
    return reason
