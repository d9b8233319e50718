"""Processes that outlive the labrun that started them, known for good by their birth."""

from __future__ import annotations

import os
import select
import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from checks.doors.contained import started

PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class Process:
    """A process by number, start (clock ticks since boot) and boot of the host."""

    pid: int
    born: int
    boot: str

    @classmethod
    def of(cls, pid: int) -> Process:
        return cls(pid, started(pid), this_boot())

    @property
    def alive(self) -> bool:
        """Whether it is still running; a zombie is not."""
        return self._same() and not self.ended(0)

    @property
    def child(self) -> Process | None:
        """The process it started first and that is still there."""
        path = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        try:
            numbers = path.read_text().split() if self.alive else []
        except OSError:
            return None
        return Process.of(int(numbers[0])) if numbers else None

    def kill(self) -> None:
        """Kill it, unless its number has passed to another process."""
        with suppress(ProcessLookupError):
            descriptor = os.pidfd_open(self.pid)
            try:
                if self._same():
                    signal.pidfd_send_signal(descriptor, signal.SIGKILL)
            finally:
                os.close(descriptor)

    def ended(self, within: float = PATIENCE) -> bool:
        """Wait for its end; False when it is still running after `within` seconds."""
        try:
            descriptor = os.pidfd_open(self.pid)
        except ProcessLookupError:
            return True
        try:
            if not self._same():
                return True
            return bool(select.select([descriptor], [], [], within)[0])
        finally:
            os.close(descriptor)

    def _same(self) -> bool:
        return self.boot == this_boot() and started(self.pid) == self.born


def this_boot() -> str:
    """Return the identity of the host's present boot: random(4)."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
