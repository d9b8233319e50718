"""One request of a learner's shell and the answer to it, line by line."""

from __future__ import annotations

import os
import signal
import subprocess
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress

from lab_runner import inband

CHUNK = 1 << 16


class Exchange:
    """Runs a command here and hands out its output as lines to be typed there.

    `pipes` are the descriptors to read, until they are at their end.
    """

    def __init__(self, request: str) -> None:
        self.request = request
        self.pipes: dict[int, str] = {}
        self._lines: deque[bytes] = deque([inband.line_of(request, "h")])
        # The first line answers the request itself; each other one is asked for.
        self._asked = 1
        self._process: subprocess.Popen[bytes] | None = None
        self._ended = False

    @property
    def over(self) -> bool:
        """Whether the last line of the answer has been handed out."""
        return self._ended and not self._lines

    def refuse(self, reason: str) -> None:
        self._say("2", f"labrun: {reason}\n".encode())
        self._end(2)

    def run(self, argv: Sequence[str], env: Mapping[str, str]) -> None:
        try:
            process = subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=env,
                process_group=0,
            )
        except (OSError, ValueError) as error:
            self.refuse(f"this command cannot be run: {error}")
            return
        self._process = process
        for stream, tag in ((process.stdout, "1"), (process.stderr, "2")):
            if stream:
                self.pipes[stream.fileno()] = tag

    def collect(self, pipe: int) -> bool:
        """Read what a pipe holds; False when it is at its end."""
        data = os.read(pipe, CHUNK)
        if data:
            self._say(self.pipes[pipe], data)
            return True
        del self.pipes[pipe]
        if not self.pipes and self._process:
            code = self._process.wait()
            self._end(code if code >= 0 else 128 - code)
        return False

    def ask(self) -> None:
        self._asked += 1

    def take(self) -> bytes:
        """Return the next line to type, if one was asked for and is there."""
        if not self._asked or not self._lines:
            return b""
        self._asked -= 1
        return self._lines.popleft()

    def interrupt(self) -> bool:
        """Pass Ctrl-C on; False when there is nothing left to interrupt."""
        if self._process is None or self._process.poll() is not None:
            return False
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGINT)
        return True

    def close(self) -> None:
        if self._process and self._process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _say(self, tag: str, data: bytes) -> None:
        self._lines.extend(inband.lines(self.request, tag, data))

    def _end(self, code: int) -> None:
        self._lines.append(inband.line_of(self.request, f"={code}"))
        self._ended = True
