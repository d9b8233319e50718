"""The private folder of a connection, and those that a killed labrun left behind."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

PREFIX = "labrun-ssh-"
# A folder younger than this may not be locked yet by whoever has just made it.
SECONDS = 60
CONTROL = "control"


class Folder:
    """A folder that only its owner may enter; locked for as long as it is in use."""

    def __init__(self, owner: tuple[int, int]) -> None:
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._lock = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        if os.geteuid() == 0:
            os.chown(self.path, *owner)

    def __truediv__(self, name: str) -> Path:
        return self.path / name

    def close(self) -> None:
        if self._lock >= 0:
            shutil.rmtree(self.path, ignore_errors=True)
            os.close(self._lock)
            self._lock = -1


def sweep(owner: tuple[int, int], ssh: tuple[str, ...]) -> None:
    """End the connections whose labrun was killed, and remove their folders."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            _remove_abandoned(path, owner, ssh)


def _remove_abandoned(path: Path, owner: tuple[int, int], ssh: tuple[str, ...]) -> None:
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        found = os.fstat(folder)
        if found.st_uid != owner[0] or time.time() - found.st_mtime < SECONDS:
            return
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        leave = [*ssh, "-S", str(path / CONTROL), "-O", "exit", "--", "nobody"]
        subprocess.run(leave, capture_output=True, timeout=10)
        shutil.rmtree(path)
    finally:
        os.close(folder)
