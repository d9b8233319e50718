"""An append-only file of whole lines that only its learner may read."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from lab_runner.state import StateFolder


class Lines:
    """Writes each line at once and whole, so that nothing else is lost by a kill.

    It holds a lock as long as it writes; `is_written` tells others so. A file that cannot be written any more ends with the last whole line, and `fault`
    says why; what is being recorded goes on. Raises OSError when it cannot be made.
    """

    def __init__(self, path: Path, folder: StateFolder) -> None:
        self.path = path
        self.size = 0
        self.fault = ""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
        self._file = os.open(path, flags, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if folder.owner is not None:
            os.fchown(self._file, *folder.owner)

    def append(self, text: str) -> None:
        if self.fault:
            return
        line = text.encode("utf-8", "replace") + b"\n"
        try:
            self._write(line)
        except OSError as error:
            self.fault = error.strerror or str(error)
            with suppress(OSError):
                os.ftruncate(self._file, self.size)
        else:
            self.size += len(line)

    def close(self) -> None:
        os.close(self._file)

    def _write(self, line: bytes) -> None:
        while line:
            line = line[os.write(self._file, line) :]


def is_written(path: Path) -> bool:
    """Tell whether somebody is still writing to a file of lines."""
    with path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
