"""A program on a terminal of the far side, behind a terminal here."""

from __future__ import annotations

import os
import re
import select
import subprocess
import time
from collections.abc import Callable

from checks.doors.pty import Pty
from checks.errors import CheckError

BROKEN = 255  # ssh(1): either its own error, or what the program ended with


class RemotePty(Pty):
    """A terminal whose program runs behind ssh, which passes size and signals on.

    `silence` switches off the echo of the terminal of this name over there; `lost`
    returns why the connection has gone, if it has.
    """

    def __init__(
        self,
        master: int,
        process: subprocess.Popen[bytes],
        silence: Callable[[str], object],
        lost: Callable[[], CheckError | None],
    ) -> None:
        super().__init__(master, process)
        self._silence = silence
        self._lost = lost
        self._name = ""

    def listen(self, mark: str, timeout: float) -> None:
        """Wait until the far side says its terminal's name, and not a byte longer.

        Raises TimeoutError, and EOFError when ssh has ended instead.
        """
        end = time.monotonic() + timeout
        name = re.compile(rb"\x1b\]7337;(.*);%b\x07\Z" % mark.encode(), re.DOTALL)
        heard = b""
        while not (found := name.search(heard)):
            left = max(0.0, end - time.monotonic())
            if not select.select([self.master], [], [], left)[0]:
                raise TimeoutError
            heard += self._byte()
        self._name = os.fsdecode(found[1])

    def mute(self) -> None:
        super().mute()
        self._silence(self._name)

    def wait(self, timeout: float | None = None) -> int:
        code = super().wait(timeout)
        self._require_connection()
        return code

    def close(self) -> None:
        """Hang up; raises Unreachable when the connection was lost before."""
        is_first = self.master >= 0
        super().close()
        if is_first:
            self._require_connection()

    def _require_connection(self) -> None:
        if self.poll() == BROKEN and (reason := self._lost()):
            raise reason

    def _byte(self) -> bytes:
        try:
            return os.read(self.master, 1)
        except OSError:  # EIO: nothing holds the other end any more
            raise EOFError from None
