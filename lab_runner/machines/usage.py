"""What a machine takes of its host at the moment."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from checks.doors.contained import control_groups
from lab_runner.machines.docker import engine
from lab_runner.machines.nspawn import disk
from lab_runner.machines.state import MachineRecord

# Version 2 and 1 of control groups: all that is in a group, and in those below it.
MEMORY = ("memory.current", "memory.usage_in_bytes")


@dataclass(frozen=True, slots=True)
class Usage:
    """Bytes of memory and disk; None where this host cannot tell."""

    memory: int | None = None
    disk: int | None = None


def of(record: MachineRecord) -> Usage:
    on_disk = {"nspawn": disk.usage, "docker": engine.disk}[record.host](record.name)
    return Usage(_memory(record), on_disk)


def _memory(record: MachineRecord) -> int | None:
    # The machine may be just about to end.
    with suppress(OSError):
        groups = control_groups(record.leader.pid) if record.leader else []
        for path in [_whole(group) / name for group in groups for name in MEMORY]:
            if path.exists():
                return int(path.read_text())
    return None


def _whole(group: Path) -> Path:
    """Return the group of a whole machine: its systemd has one of its own in there."""
    return group.parent if group.name == "init.scope" else group
