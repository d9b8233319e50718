"""The kernel's process connector: which programs start and end, linux/cn_proc.h.

It tells only root, only in the first PID namespace of a host, and names processes by
the numbers they have there.
"""

from __future__ import annotations

import os
import socket
import struct
import time
from dataclasses import dataclass
from typing import Literal

from checks.errors import CheckError, NotPermitted

PROTOCOL, GROUP, VALUE = 11, 1, 1  # NETLINK_CONNECTOR, CN_IDX_PROC, CN_VAL_PROC
DONE, LISTEN = 3, 1  # NLMSG_DONE, PROC_CN_MCAST_LISTEN
ACKNOWLEDGED, EXEC, EXIT = 0, 0x00000002, 0x80000000
HEADER = struct.Struct("=IHHII")
MESSAGE = struct.Struct("=IIIIHH")
EVENT = struct.Struct("=IIQ")
NUMBERS = struct.Struct("=6I")
BUFFER, LONGEST, PATIENCE = 4 << 20, 4096, 1.0
SO_RCVBUFFORCE = 33
SILENT = "the kernel does not tell which programs run"


@dataclass(frozen=True, slots=True)
class Told:
    """A process that has begun a program, or ended with `exit` as shells number it."""

    what: Literal["exec", "exit"]
    pid: int
    parent: int = 0
    exit: int = 0


class Connector:
    """Hears of every program from now on.

    Raises CheckError where the kernel does not tell, and OSError when it told more than
    was read in time.
    """

    def __init__(self) -> None:
        try:
            self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, PROTOCOL)
        except OSError:
            raise CheckError(SILENT) from None
        try:
            self._socket.bind((0, GROUP))
            self._socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER)
            self._subscribe()
        except OSError as error:
            self.close()
            if isinstance(error, PermissionError):
                raise NotPermitted(SILENT, "run with `sudo`") from None
            raise CheckError(SILENT) from None

    def receive(self, seconds: float) -> Told | None:
        """Return the next that is told within this time, None where nothing is."""
        self._socket.settimeout(seconds)
        try:
            return _told(*self._event())
        except TimeoutError:
            return None

    def close(self) -> None:
        self._socket.close()

    def _subscribe(self) -> None:
        wanted = struct.pack("=I", LISTEN)
        message = MESSAGE.pack(GROUP, VALUE, 0, 0, len(wanted), 0) + wanted
        size = HEADER.size + len(message)
        self._socket.send(HEADER.pack(size, DONE, 0, 0, os.getpid()) + message)
        end = time.monotonic() + PATIENCE
        while (left := end - time.monotonic()) > 0:
            self._socket.settimeout(left)
            what, numbers = self._event()
            if what == ACKNOWLEDGED and numbers[0]:
                raise PermissionError(numbers[0], os.strerror(numbers[0]))
            if what == ACKNOWLEDGED:
                return
        raise TimeoutError

    def _event(self) -> tuple[int, tuple[int, ...]]:
        data = self._socket.recv(LONGEST)[HEADER.size + MESSAGE.size :]
        what, _, _ = EVENT.unpack_from(data)
        return what, NUMBERS.unpack_from(
            data.ljust(EVENT.size + NUMBERS.size, b"\0"), EVENT.size
        )


def _told(what: int, numbers: tuple[int, ...]) -> Told | None:
    thread, pid, status, _, _, parent = numbers
    if what == EXEC:
        return Told("exec", pid)
    if what == EXIT and thread == pid:
        code = os.waitstatus_to_exitcode(status)
        return Told("exit", pid, parent, code if code >= 0 else 128 - code)
    return None
