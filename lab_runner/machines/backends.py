"""What machines run under; each is a module that can start and end a machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from lab_runner.machines.nspawn import boot
from lab_runner.machines.state import Host, MachineRecord


class Backend(Protocol):
    """How machines are started and ended under one kind of host."""

    def start(
        self,
        record: MachineRecord,
        trees: Sequence[Path],
        etc: Mapping[str, str],
        connect: Callable[[int], None],
        *,
        origin: Path | None = None,
    ) -> MachineRecord:
        """Boot a machine from trees, topmost first; return once its systemd is ready.

        `etc` are files over those of the image's /etc; `connect` gives the network
        namespace of a process its cable; `origin` is a saved disk to begin with. What
        must be ended when labrun is killed is saved with the record before it begins.
        """

    def end(self, name: str, record: MachineRecord | None) -> None:
        """Kill whatever runs of a machine, also where its record is lost."""


BACKENDS: Mapping[Host, Backend] = {"nspawn": boot}


def of(host: Host) -> Backend:
    return BACKENDS[host]


def end(name: str, record: MachineRecord | None) -> None:
    """End a machine; without a record, under whatever it may have been started."""
    for backend in [of(record.host)] if record else BACKENDS.values():
        backend.end(name, record)
