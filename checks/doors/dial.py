"""Reaching a unix socket: why it cannot be dialled, told apart by error number."""

from __future__ import annotations

import socket

from checks.doors.machine import Machine, SocketPath
from checks.errors import CheckError, NotPermitted, TimedOut, Unreachable


class NothingListens(Unreachable):
    """There is no socket or it refuses: proof that no daemon is behind it."""


def reach(machine: Machine, path: str, remedy: str) -> SocketPath:
    """Hold a socket of the machine that has just accepted a connection.

    Raises NothingListens with the remedy, NotPermitted, TimedOut or CheckError.
    """
    timeout = machine.remaining()
    try:
        held = machine.socket(path)
    except OSError as error:
        raise _undialled(path, error, remedy) from None
    try:
        _knock(held, timeout)
    except OSError as error:
        held.close()
        raise _undialled(path, error, remedy) from None
    return held


def _knock(held: SocketPath, timeout: float) -> None:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(timeout)
        probe.connect(held.path)


def _undialled(path: str, error: OSError, remedy: str) -> CheckError:
    match error:
        case FileNotFoundError():
            return NothingListens(f"there is no socket `{path}`", remedy)
        case ConnectionRefusedError():
            return NothingListens(f"nothing listens on `{path}`", remedy)
        case PermissionError():
            return NotPermitted(f"`{path}` may not be dialled", "run with `sudo`")
        # EAGAIN: on a unix socket, the queue of waiting connections is full.
        case TimeoutError() | BlockingIOError():
            return TimedOut(f"`{path}` does not accept connections")
    return CheckError(f"`{path}` cannot be dialled: {error.strerror or error}")
