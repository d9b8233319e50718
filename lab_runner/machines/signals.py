"""Interruption: every signal that ends a program is an exception, except in cleaning."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def raised() -> Iterator[None]:
    """Turn SIGTERM and SIGHUP into SystemExit, so that what was begun is undone."""

    def leave(number: int, _: FrameType | None) -> NoReturn:
        raise SystemExit(128 + number)

    with _handled((signal.SIGTERM, signal.SIGHUP), leave):
        yield


@contextmanager
def deferred() -> Iterator[None]:
    """Keep signals waiting until the end of the block."""
    came: list[int] = []
    with _handled(ENDING, lambda number, _: came.append(number)):
        yield
    for number in came[:1]:
        signal.raise_signal(number)


@contextmanager
def _handled(
    numbers: tuple[signal.Signals, ...], handler: signal._HANDLER
) -> Iterator[None]:
    # Python runs handlers in the main thread and sets them from nowhere else.
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, previous in before.items():
            signal.signal(number, previous)
