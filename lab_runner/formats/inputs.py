"""The files and folders that a lab is made of, so that a change of any is noticed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from lab_runner.errors import LabBroken
from lab_runner.formats import files
from lab_runner.formats.files import as_shown
from lab_runner.model import Problem, Source


class Inputs:
    """Reads what is in one folder, and nothing outside; remembers what it read.

    `digests` are the SHA-256 of what was read, by absolute path.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.digests: dict[str, str] = {}
        self._home = folder.resolve()

    def content(self, path: Path) -> bytes:
        """Return the content of a file; raises UsageError, LabBroken if it is outside."""
        self._require_inside(path)
        content = files.content(path)
        self.note(path, content)
        return content

    def text(self, path: Path) -> str:
        """Return the text of a file with Unix line ends, without a byte order mark."""
        return files.decoded(self.content(path), as_shown(path))

    def names(self, folder: Path) -> list[str]:
        """Return the names of what is in a folder, sorted."""
        self._require_inside(folder)
        self.digests[str(folder.absolute())] = _listing(folder)
        return sorted(each.name for each in folder.iterdir())

    def note(self, path: Path, content: bytes) -> None:
        """Remember a file that was read elsewhere."""
        self.digests[str(path.absolute())] = hashlib.sha256(content).hexdigest()

    def _require_inside(self, path: Path) -> None:
        if not path.resolve().is_relative_to(self._home):
            source = Source(as_shown(path), 1)
            message = "this leads out of the lab's folder"
            raise LabBroken([Problem(source, message, "Keep files of a lab inside it")])


def are_unchanged(digests: Mapping[str, str]) -> bool:
    """Tell whether everything that was read still is as it was; raises UsageError."""
    return all(_digest(Path(path)) == digest for path, digest in digests.items())


def _digest(path: Path) -> str:
    if path.is_dir():
        return _listing(path)
    return hashlib.sha256(files.content(path)).hexdigest()


def _listing(folder: Path) -> str:
    names = sorted(each.name for each in folder.iterdir())
    return hashlib.sha256(json.dumps(names).encode()).hexdigest()
