"""Waiting until a machine's systemd says that it is ready: sd_notify(3)."""

from __future__ import annotations

import os
import select
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lab_runner.errors import MachineError
from lab_runner.machines.launch import last_line
from lab_runner.machines.processes import Process

PATIENCE = 60.0


@contextmanager
def notices(path: Path) -> Iterator[socket.socket]:
    """Listen at `path`, which is the machine's NOTIFY_SOCKET."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(path))
        yield listening


def wait(listening: socket.socket, keeper: Process, log: Path) -> None:
    """Wait for the machine's word; raises MachineError when its keeper ends before."""
    deadline = time.monotonic() + PATIENCE
    ends = os.pidfd_open(keeper.pid)
    try:
        while left := max(0, deadline - time.monotonic()):
            told, _, _ = select.select([listening.fileno(), ends], [], [], left)
            if listening.fileno() in told:
                if b"READY=1" in listening.recv(4096).splitlines():
                    return
            elif told:
                raise MachineError(f"the machine did not start: {last_line(log)}")
    finally:
        os.close(ends)
    raise MachineError(
        f"the machine was not ready within {PATIENCE:.0f} s: {last_line(log)}"
    )
