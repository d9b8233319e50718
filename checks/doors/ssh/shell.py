"""A POSIX shell on the far side that answers one request after another.

An answer is framed by a random mark on each of the two streams, so that any bytes may
stand in it. A shell that did not answer in time is never asked again.
"""

from __future__ import annotations

import secrets
import subprocess
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass

from checks.doors.process import CHUNK, missing
from checks.doors.ssh import remote
from checks.doors.ssh.frame import Frame
from checks.doors.ssh.pump import Ended, Pump

# How long a shell may take to be ready again, once its answer is there.
GRACE = 0.1
# A program's output begins with its number, in a line of its own.
NUMBER = 32


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command left; `is_refused` says that the program could not be started."""

    exit: int
    stdout: bytes
    stderr: bytes
    is_refused: bool = False


class Shell:
    """A shell behind the pipes of an ssh process; one thread at a time asks it."""

    def __init__(
        self, argv: Sequence[str], *, sudo: bool, is_shared: bool = False
    ) -> None:
        pipe = subprocess.PIPE
        ssh = subprocess.Popen(argv, stdin=pipe, stdout=pipe, stderr=pipe, bufsize=0)
        if ssh.stdin is None or ssh.stdout is None or ssh.stderr is None:
            raise Ended
        self._ssh = ssh
        self._pipes = ssh.stdin, ssh.stdout, ssh.stderr
        # Said at once, so that nothing over there waits for us.
        self._greeted = _mark()
        with suppress(OSError):  # it has ended already, which is noticed soon enough
            ssh.stdin.write(remote.greeting(self._greeted, sudo=sudo))
        self._is_shared = is_shared
        self._program: Frame | None = None
        self._group = ""
        self.is_open = self.is_ready = self.is_by_sudo = False
        self.search_path = self.dialler = ""

    @property
    def groups(self) -> list[str]:
        """The process groups on the far side to end, so that nothing of it is left."""
        started = self._program.so_far if self._program else b""
        number, is_known, _ = started.partition(b"\n")
        groups = [self._group, number.decode(errors="replace") if is_known else ""]
        return [group for group in groups if group.isdigit()]

    def open(self, timeout: float) -> None:
        """Wait for the shell and learn who it is; raises as `ask` does."""
        end = time.monotonic() + timeout
        mark = self._greeted
        self._exchange(b"", Frame(mark, 0), Frame(mark, 0), timeout)
        said = self.ask(remote.INTRODUCTION, end - time.monotonic(), CHUNK).stdout
        caller, self._group, self.dialler, path = said.decode().rstrip().split(" ", 3)
        self.search_path, self.is_by_sudo, self.is_open = path, caller != "-", True

    def ask(self, command: bytes, timeout: float, limit: int) -> Answer:
        """Run a command of the shell's own; output past `limit` bytes is dropped.

        Raises TimeoutError and Ended, and then the shell must not be asked again.
        """
        mark = _mark()
        out, err = Frame(mark, limit), Frame(mark, limit)
        code = self._exchange(remote.request(mark, command), out, err, timeout)
        return Answer(code, bytes(out.body), bytes(err.body))

    def run(self, argv: Sequence[str], timeout: float, limit: int) -> Answer:
        """Run a program as leader of a session of its own; raises as `ask` does."""
        mark, refusal = _mark(), _mark()
        out, err = Frame(mark, limit + NUMBER), Frame(mark, limit)
        self._program = out
        line = remote.run(mark, refusal, argv)
        code = self._exchange(line, out, err, timeout)
        self._program = None
        _, is_begun, stdout = bytes(out.body).partition(b"\n")
        if not is_begun:
            raise missing("setsid")
        is_refused = err.body.endswith(refusal.encode())
        return Answer(code, stdout[:limit], bytes(err.body), is_refused)

    def close(self) -> None:
        """Leave the shell, but not the ssh that others share.

        What runs on the far side is not ended by this.
        """
        if not self._is_shared:
            self.end()
        for pipe in self._pipes:
            pipe.close()

    def end(self) -> None:
        """End the ssh that leads to the shell."""
        self._ssh.terminate()
        self._ssh.wait()

    def _exchange(self, line: bytes, out: Frame, err: Frame, timeout: float) -> int:
        self.is_ready = False
        stdin, stdout, stderr = self._pipes
        with closing(Pump(stdin, line)) as pump:
            pump.fill(out, stdout)
            pump.fill(err, stderr)
            pump.until(lambda: out.exit is not None and err.is_whole, timeout)
            # A child left behind may hold the output: then there is no next request.
            with suppress(TimeoutError):
                pump.until(lambda: out.is_last, GRACE)
        self.is_ready = out.is_last
        return out.exit or 0


def _mark() -> str:
    return secrets.token_hex(8)
