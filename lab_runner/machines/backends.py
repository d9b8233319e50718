"""What machines run under; each is a module that can start and end a machine."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from checks.words import did_you_mean
from lab_runner.errors import MachineError, UsageError
from lab_runner.machines.docker import boot as docker
from lab_runner.machines.nspawn import boot as nspawn
from lab_runner.machines.progress import Progress
from lab_runner.machines.state import Host, MachineRecord

CHOICE = "LABRUN_MACHINE_HOST"


class Backend(Protocol):
    """How machines are started and ended under one kind of host."""

    def require(self) -> None:
        """Raise MachineError, with what mends it, where no machine can run under it."""

    def prepare(self, trees: Sequence[Path], progress: Progress) -> None:
        """Make what a machine of these trees starts from, once for all machines."""

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


# In the order in which they are tried.
BACKENDS: Mapping[Host, Backend] = {"nspawn": nspawn, "docker": docker}


def of(host: Host) -> Backend:
    return BACKENDS[host]


def choose(asked: str | None = None) -> Host:
    """Return what a new machine runs under: what is asked for, else the first that can.

    Asked for by `asked` or `LABRUN_MACHINE_HOST`. Raises UsageError for a host that there
    is not, MachineError where it, or every one, lacks something.
    """
    wanted = asked or os.environ.get(CHOICE)
    refusals = []
    for host in [_named(wanted)] if wanted else BACKENDS:
        try:
            of(host).require()
        except MachineError as error:
            refusals.append(error)
        else:
            return host
    raise MachineError(
        "; ".join(error.message for error in refusals),
        ", or ".join(error.remedy for error in refusals),
    )


def end(name: str, record: MachineRecord | None) -> None:
    """End a machine; where nothing tells, under whatever it may have been started."""
    known = BACKENDS.get(record.host) if record else None
    for backend in [known] if known else BACKENDS.values():
        backend.end(name, record)


def _named(wanted: str) -> Host:
    for host in BACKENDS:
        if host == wanted:
            return host
    raise UsageError(
        f"machines do not run under `{wanted}`{did_you_mean(wanted, BACKENDS)}",
        f"--host, or {CHOICE}: {' or '.join(BACKENDS)}",
    )
