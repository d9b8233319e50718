"""Locks by key: who asks for the same waits, who asks for something else does not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """A lock for each key, kept only as long as somebody holds it or waits for it."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._locks: dict[str, tuple[threading.Lock, int]] = {}

    @contextmanager
    def of(self, key: str) -> Iterator[None]:
        lock = self._count(key, 1)
        try:
            with lock:
                yield
        finally:
            self._count(key, -1)

    def _count(self, key: str, more: int) -> threading.Lock:
        with self._guard:
            lock, users = self._locks.pop(key, (threading.Lock(), 0))
            if users + more:
                self._locks[key] = lock, users + more
            return lock
