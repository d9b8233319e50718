"""Locks that die with their holder: whoever can take one knows nobody is at work."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lab_runner.errors import MachineError
from lab_runner.machines.signals import deferred

PAUSE = 0.02
FOREVER = float("inf")


class Busy(MachineError):
    """Another labrun is at work on the same thing."""


@contextmanager
def held(
    path: Path,
    busy: str,
    *,
    wait: float = 0.0,
    waiting: Callable[[str], None] = lambda _: None,
    shared: bool = False,
) -> Iterator[None]:
    """Hold the lock at `path`; after `wait` seconds raise Busy with the text `busy`.

    `waiting` is told the text when there is a wait. The kernel releases the lock when
    its holder is killed, so it is also a proof of life. Several can hold a `shared`
    lock at once, but none beside one who holds it alone.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    deadline = time.monotonic() + wait
    descriptor, told = None, False
    try:
        while descriptor is None:
            # Interrupted, it would leave a lock that nobody knows to release.
            with deferred():
                descriptor = _take(path, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
            if descriptor is None:
                if time.monotonic() >= deadline:
                    raise Busy(busy, "labrun machine list")
                if not told:
                    waiting(busy)
                    told = True
                time.sleep(PAUSE)
        yield
    finally:
        if descriptor is not None:
            _release(path, descriptor)


def tidy(folder: Path) -> None:
    """Remove the lock files of holders that were killed."""
    for path in folder.iterdir() if folder.exists() else ():
        with suppress(Busy), held(path, "in use"):
            pass


def _release(path: Path, descriptor: int) -> None:
    # The last who shares a lock can take it alone.
    with suppress(BlockingIOError):
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink(missing_ok=True)
    os.close(descriptor)


def _take(path: Path, operation: int) -> int | None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, operation | fcntl.LOCK_NB)
        # The last holder removed the file while it was being opened: try the new one.
        if path.exists() and os.path.samestat(os.fstat(descriptor), path.stat()):
            return descriptor
    except (BlockingIOError, FileNotFoundError):
        pass
    os.close(descriptor)
    return None
