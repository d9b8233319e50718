"""The record of each machine: its folder on disk is the truth."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lab_runner.machines import folder
from lab_runner.machines.processes import Process

RECORD = "machine.json"


@dataclass(frozen=True, slots=True)
class MachineRecord:
    """A machine; `number` is its place in the network, `created` seconds since 1970.

    `supervisor` is its systemd-nspawn, `leader` its PID 1 as this host numbers it.
    """

    name: str
    state: Literal["starting", "running"]
    image: str
    packages: tuple[str, ...]
    number: int
    address: str
    created: float
    supervisor: Process | None = None
    leader: Process | None = None

    @property
    def alive(self) -> bool:
        leader = self.leader
        return self.state == "running" and leader is not None and leader.alive


def path(name: str) -> Path:
    return folder.root() / "machines" / name


def names() -> list[str]:
    """Return the names of all machines that have a folder, whole or not."""
    machines = folder.root() / "machines"
    return sorted(p.name for p in machines.iterdir()) if machines.exists() else []


def load(name: str) -> MachineRecord | None:
    """Return a machine's record; None where its making never got that far."""
    try:
        found = json.loads((path(name) / RECORD).read_text())
        for key in ("supervisor", "leader"):
            found[key] = found[key] and Process(**found[key])
        return MachineRecord(**{**found, "packages": tuple(found["packages"])})
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def create(record: MachineRecord) -> None:
    path(record.name).mkdir(mode=0o755, parents=True)
    save(record)


def save(record: MachineRecord) -> None:
    text = json.dumps(dataclasses.asdict(record), indent=2)
    folder.write(path(record.name) / RECORD, text)


def delete(name: str) -> None:
    folder.remove(path(name))
