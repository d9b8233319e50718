"""A program on a terminal whose device lies inside the machine it runs on."""

from __future__ import annotations

import fcntl
import os
import signal
import struct
import subprocess
import termios
from collections.abc import Mapping, Sequence
from contextlib import suppress

from checks.doors.files import Opener
from checks.doors.process import kill_group, missing
from checks.errors import TimedOut

# <asm-generic/ioctls.h>: open the terminal's other end without a path (Linux 4.13).
TIOCGPTPEER = 0x5441
TIOCSPTLCK = 0x40045431


class Pty:
    """A running program and the controlling side of its terminal."""

    def __init__(self, master: int, process: subprocess.Popen[bytes]) -> None:
        self.master = master
        self._process = process

    @property
    def pid(self) -> int:
        return self._process.pid

    def resize(self, rows: int, columns: int) -> None:
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, size)

    def mute(self) -> None:
        """Switch echo off, so that what is sent is not read back as an answer."""
        modes = termios.tcgetattr(self.master)
        modes[3] &= ~termios.ECHO  # the local modes, termios(3)
        termios.tcsetattr(self.master, termios.TCSANOW, modes)

    def poll(self) -> int | None:
        return self._process.poll()

    def wait(self, timeout: float | None = None) -> int:
        """Return the program's exit code (128+N after signal N); raises TimedOut."""
        try:
            code = self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise TimedOut(f"the program did not end within {timeout:.3g} s") from None
        return code if code >= 0 else 128 - code

    def close(self) -> None:
        """Hang up and end what is left of the program."""
        if self.master < 0:
            return
        os.close(self.master)
        self.master = -1
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGHUP)
        try:
            self._process.wait(0.5)
        except subprocess.TimeoutExpired:
            kill_group(self.pid)
            self._process.wait()


def open_local() -> tuple[int, int]:
    """Allocate a terminal of this machine: controlling side, program's side."""
    return os.openpty()


def open_inside(opener: Opener) -> tuple[int, int]:
    """Allocate a terminal from the devpts of another root, where it has a name."""
    master = opener("/dev/ptmx", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        fcntl.ioctl(master, TIOCSPTLCK, struct.pack("i", 0))
        flags = os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC
        return master, fcntl.ioctl(master, TIOCGPTPEER, flags)
    except OSError:
        os.close(master)
        raise


def start(argv: Sequence[str], env: Mapping[str, str], ends: tuple[int, int]) -> Pty:
    """Start `argv` with the terminal `ends` as its controlling terminal."""
    return Pty(ends[0], launch(argv, env, ends))


def launch(
    argv: Sequence[str], env: Mapping[str, str], ends: tuple[int, int]
) -> subprocess.Popen[bytes]:
    """Start `argv` like `start`; returns the process alone."""
    master, slave = ends
    try:
        return subprocess.Popen(
            # setsid(1) rather than preexec_fn: forking Python beside gRPC's threads
            # is not safe.
            ["setsid", "--ctty", *argv],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=dict(env),
        )
    except FileNotFoundError:
        os.close(master)
        raise missing("setsid") from None
    finally:
        os.close(slave)
