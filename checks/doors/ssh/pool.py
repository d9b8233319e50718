"""The shells of one connection: as many as are asked at the same time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from checks.doors.process import CHUNK
from checks.doors.ssh.connection import Connection
from checks.doors.ssh.pump import Ended
from checks.doors.ssh.shell import Shell
from checks.errors import CheckError

# What ending a program on the far side, or a sign of life, may take.
ENDING = 3.0


class Pool:
    """Lends shells; one that is not ready when it comes back is ended for good."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self._entry = threading.Lock()
        self._idle = [connection.shell]
        self._busy: list[Shell] = []
        self._is_closed = False

    @property
    def is_open(self) -> bool:
        """Whether the connection has been made."""
        return self._connection.shell.is_open

    def first(self) -> Shell:
        """Wait for the connection; raises the reason why there is none."""
        first = self._connection.shell
        with self._entry:
            try:
                if not first.is_open:
                    first.open(self._connection.patience)
            except (Ended, TimeoutError):
                raise self._connection.failure() from None
        return first

    @contextmanager
    def lend(self) -> Iterator[Shell]:
        """Lend a shell to one thread; raises the reason why there is none, or no more.

        A TimeoutError out of the shell ends what was asked of it.
        """
        self.first()
        shell = self._take()
        try:
            yield shell
        except Ended:
            raise self._connection.failure() from None
        finally:
            if not self._is_back(shell):
                if not self._is_closed:
                    self._end(shell)
                shell.close()

    def lost(self) -> CheckError | None:
        """Return why the connection has gone, if it has."""
        try:
            with self.lend() as shell:
                shell.ask(b":", ENDING, CHUNK)
        except CheckError as error:
            return error
        except TimeoutError:
            return self._connection.failure()
        return None

    def close(self) -> None:
        """End what is still asked of the far side, and leave every shell."""
        self._is_closed = True
        with self._lock:
            busy = list(self._busy)
        for shell in busy:
            # Left by the thread that asked it, once the connection is closed.
            self._end(shell)
        for shell in self._idle:
            shell.close()

    def _take(self) -> Shell:
        with self._lock:
            shell = self._idle.pop() if self._idle else self._connection.another()
            self._busy.append(shell)
        if not shell.is_open:
            try:
                shell.open(self._connection.patience)
            except (Ended, TimeoutError):
                self._is_back(shell)
                shell.close()
                raise self._connection.failure() from None
        return shell

    def _is_back(self, shell: Shell) -> bool:
        with self._lock:
            self._busy.remove(shell)
            if shell.is_ready:
                self._idle.append(shell)
        return shell.is_ready

    def _end(self, shell: Shell) -> None:
        """Let another shell end one, and all that it has started."""
        groups = " ".join(f"-{group}" for group in shell.groups)
        with suppress(CheckError, Ended, TimeoutError):
            other = self._take()
            try:
                other.ask(f"kill -9 {groups}".encode(), ENDING, CHUNK)
            finally:
                if not self._is_back(other):
                    other.close()
