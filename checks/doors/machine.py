"""The machine: what a check may ask of it, and the one labrun runs on."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from checks.doors import files, process, pty
from checks.doors.files import Stat
from checks.doors.process import Result
from checks.doors.witness import Witness
from checks.errors import TimedOut

T = TypeVar("T")
READ_LIMIT = 64 << 20
DEFAULT_TIMEOUT = 10.0
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class SocketPath(Protocol):
    """A unix socket of the machine, held open; `path` can be dialled from here."""

    @property
    def path(self) -> str: ...
    def close(self) -> None: ...


class Machine(Protocol):
    """What can be asked of a machine. All paths are absolute and the machine's own."""

    @property
    def name(self) -> str: ...

    @property
    def witness(self) -> Witness | None:
        """Who can tell what happened here during the step; None where nobody can."""

    @property
    def search_path(self) -> tuple[str, ...]:
        """The directories where a login of the machine finds programs, in order."""

    def run(self, argv: Sequence[str], *, timeout: float | None = None) -> Result:
        """Run a program without a terminal or input and return exit code and output.

        Raises ToolMissing when there is no such program, TimedOut when it outlives
        `timeout` seconds (default: what the engine allows this check).
        """

    def spawn(
        self, argv: Sequence[str], *, env: Mapping[str, str] | None = None
    ) -> pty.Pty:
        """Start a program on a terminal of the machine's own."""

    def read(self, path: str, limit: int = READ_LIMIT) -> bytes:
        """Return a regular file's bytes; raises FileNotFoundError or a CheckError."""

    def stat(self, path: str, *, follow: bool = True) -> Stat:
        """Describe a path; raises FileNotFoundError or a CheckError."""

    def names(self, path: str) -> list[str]:
        """Return the names in a directory; raises FileNotFoundError or a CheckError."""

    def socket(self, path: str) -> SocketPath:
        """Hold a unix socket so that it can be dialled; raises FileNotFoundError.

        Where dialling from here would not tell, raises the OSError of dialling there.
        """

    def keep(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` made for this key, made once: one connection a machine."""

    def forget(self, key: Hashable) -> None:
        """Close and drop what is kept under this key, so that it is made anew."""

    def remaining(self) -> float:
        """Return the seconds this check may still take; raises TimedOut at zero."""


class Base:
    """What every machine has in common: kept connections and the running deadline.

    `process` is the number that this host has for a process which the machine has as
    long as it runs, 0 where the machine is another host.
    """

    process = 0

    def __init__(self, name: str) -> None:
        self.name = name
        self.witness: Witness | None = None
        self._kept: dict[Hashable, Any] = {}
        self._lock = threading.RLock()
        self._deadline: float | None = None
        self._running = process.Running()

    @property
    def search_path(self) -> tuple[str, ...]:
        return tuple(PATH.split(":"))

    def allow(self, seconds: float | None) -> None:
        """Set how long the next check may take; None takes the limit away."""
        self._deadline = None if seconds is None else time.monotonic() + seconds

    def remaining(self) -> float:
        if self._deadline is None:
            return DEFAULT_TIMEOUT
        left = self._deadline - time.monotonic()
        if left <= 0:
            message = "the time allowed for this check is used up"
            raise TimedOut(message, "give the check more time with `timeout:`")
        return left

    def keep(self, key: Hashable, make: Callable[[], T]) -> T:
        with self._lock:
            if key not in self._kept:
                self._kept[key] = make()
            kept: T = self._kept[key]
            return kept

    def forget(self, key: Hashable) -> None:
        with self._lock:
            kept = self._kept.pop(key, None)
        if kept is not None:
            kept.close()

    def close(self) -> None:
        """Close every kept connection and end every program still running."""
        self._running.kill()
        for key in list(self._kept):
            self.forget(key)


class Local(Base):
    """The machine labrun itself runs on."""

    def __init__(self) -> None:
        super().__init__("local")
        self.process = os.getpid()

    @property
    def search_path(self) -> tuple[str, ...]:
        own = (os.environ.get("PATH") or PATH).split(":")
        absolute = [folder for folder in own if folder.startswith("/")]
        return tuple(dict.fromkeys([*absolute, "/usr/sbin", "/sbin"]))

    def run(self, argv: Sequence[str], *, timeout: float | None = None) -> Result:
        limit = self.remaining() if timeout is None else timeout
        path = ":".join(self.search_path)
        env = {**os.environ, "LC_ALL": "C.UTF-8", "PATH": path}
        return process.run(argv, env, limit, self._running)

    def spawn(
        self, argv: Sequence[str], *, env: Mapping[str, str] | None = None
    ) -> pty.Pty:
        return pty.start(argv, {**os.environ, **(env or {})}, pty.open_local())

    def read(self, path: str, limit: int = READ_LIMIT) -> bytes:
        return files.read(os.open, path, limit)

    def stat(self, path: str, *, follow: bool = True) -> Stat:
        return files.stat(os.open, path, follow=follow)

    def names(self, path: str) -> list[str]:
        return files.names(os.open, path)

    def socket(self, path: str) -> SocketPath:
        return files.hold_socket(os.open, path)
