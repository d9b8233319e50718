"""The record of each machine: its folder on disk is the truth."""

from __future__ import annotations

import dataclasses
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lab_runner.errors import UsageError
from lab_runner.machines import folder
from lab_runner.machines.processes import Process
from lab_runner.model import MachineSpec

RECORD = "machine.json"
NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
RESERVED = ("local",)
Host = Literal["nspawn", "docker"]


@dataclass(frozen=True, slots=True)
class MachineRecord:
    """A machine; `number` is its place in `network`, `created` seconds since 1970.

    `host` is what it runs under. `keeper` is the process that starts its systemd-nspawn,
    and again when the machine reboots; under Docker it is the container's first process.
    Machines of one lab have its `group` and `member` names, and the hostname `member`.
    `trees` are what it was started from, topmost first: prune leaves them alone.
    """

    name: str
    state: Literal["starting", "running"]
    spec: MachineSpec
    number: int
    address: str
    created: float
    host: Host = "nspawn"
    keeper: Process | None = None
    network: str = "default"
    group: str = ""
    member: str = ""
    lab: str = ""
    learner: str = ""
    trees: tuple[str, ...] = ()

    @property
    def alive(self) -> bool:
        return self.state == "running" and bool(self.keeper and self.keeper.alive)

    @property
    def leader(self) -> Process | None:
        """The machine's PID 1; none while it reboots or when it has ended."""
        if self.host == "docker":
            return self.keeper if self.keeper and self.keeper.alive else None
        nspawn = self.keeper and self.keeper.child
        return nspawn and nspawn.child

    @property
    def hostname(self) -> str:
        return self.member or self.name


FIELDS = tuple(field.name for field in dataclasses.fields(MachineRecord))


def path(name: str) -> Path:
    check_name(name)
    return folder.root() / "machines" / name


def check_name(name: str) -> None:
    """Raise UsageError for what cannot be the name of a machine."""
    if name in RESERVED or not NAME.fullmatch(name):
        raise UsageError(
            f"`{name}` cannot be the name of a machine",
            "a name is up to 31 letters a-z, digits and hyphens, and not `local`",
        )


def names() -> list[str]:
    """Return the names of all machines that have a folder, whole or not."""
    machines = folder.root() / "machines"
    found = machines.iterdir() if machines.exists() else ()
    return sorted(each.name for each in found if NAME.fullmatch(each.name))


def load(name: str) -> MachineRecord | None:
    """Return a machine's record; None where its making never got that far.

    What another version of labrun writes besides is passed over.
    """
    try:
        found = json.loads((path(name) / RECORD).read_text())
        values = {key: found[key] for key in FIELDS if key in found}
        keeper = values.get("keeper")
        values["keeper"] = keeper and Process(**keeper)
        values["trees"] = tuple(values.get("trees", ()))
        return MachineRecord(**{**values, "spec": MachineSpec.of(found["spec"])})
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
