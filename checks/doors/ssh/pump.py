"""The pipes of a shell during one exchange: a line goes in, two frames fill."""

from __future__ import annotations

import os
import selectors
import time
from collections.abc import Callable
from typing import IO

from checks.doors.process import CHUNK
from checks.doors.ssh.frame import Frame


class Ended(Exception):
    """The shell has gone, or the connection to it."""


class Pump:
    """Moves bytes until what is waited for has come; to be closed after the exchange."""

    def __init__(self, stdin: IO[bytes], line: bytes) -> None:
        self._selector = selectors.DefaultSelector()
        self._line = line
        if line:
            self._register(stdin, selectors.EVENT_WRITE, None)

    def fill(self, frame: Frame, pipe: IO[bytes]) -> None:
        self._register(pipe, selectors.EVENT_READ, frame)

    def until(self, has_come: Callable[[], bool], seconds: float) -> None:
        """Move bytes; raises TimeoutError and Ended."""
        end = time.monotonic() + seconds
        while not has_come():
            left = end - time.monotonic()
            if left <= 0:
                raise TimeoutError
            for key, _ in self._selector.select(left):
                if key.data is None:
                    self._send(key.fd)
                else:
                    _receive(key.fd, key.data)

    def close(self) -> None:
        self._selector.close()

    def _register(self, pipe: IO[bytes], event: int, frame: Frame | None) -> None:
        try:
            os.set_blocking(pipe.fileno(), False)
            self._selector.register(pipe, event, frame)
        except (OSError, ValueError):  # closed by another thread: Ctrl-C
            raise Ended from None

    def _send(self, descriptor: int) -> None:
        try:
            self._line = self._line[os.write(descriptor, self._line) :]
        except OSError:
            raise Ended from None
        if not self._line:
            self._selector.unregister(descriptor)


def _receive(descriptor: int, frame: Frame) -> None:
    try:
        chunk = os.read(descriptor, CHUNK)
    except OSError:
        raise Ended from None
    if not chunk:
        raise Ended
    frame.feed(chunk)
