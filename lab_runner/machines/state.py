"""The record of each machine: its folder on disk is the truth."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from lab_runner.errors import UsageError
from lab_runner.machines import folder
from lab_runner.machines.processes import Process
from lab_runner.model import MachineSpec

RECORD = "machine.json"
NAME = re.compile(r"[a-z](?:[a-z0-9-]{0,29}[a-z0-9])?")
RESERVED = ("local",)
Host = Literal["nspawn", "docker"]


@dataclass(frozen=True, slots=True)
class MachineRecord:
    """A machine; `number` is that of its cable and address, `created` seconds since 1970.

    `host` is what it runs under. `keeper` is the process that starts systemd-nspawn, and
    again when the machine reboots; under Docker it starts unshare(1) in the container.
    Machines of one lab have its `group` and `member` names, and the hostname `member`;
    `members` are the names of all of them as the lab orders them.
    `trees` are what it was started from, topmost first: prune leaves them alone.
    `unlimited` are the limits that do not hold on this host, with the reason of each.
    """

    name: str
    state: Literal["starting", "running"]
    spec: MachineSpec
    number: int = 0
    address: str = ""
    created: float = 0.0
    host: Host = "nspawn"
    keeper: Process | None = None
    network: str = "default"
    group: str = ""
    member: str = ""
    members: tuple[str, ...] = ()
    lab: str = ""
    learner: str = ""
    trees: tuple[str, ...] = ()
    unlimited: Mapping[str, str] = field(default_factory=dict)

    @property
    def starting(self) -> bool:
        return self.state == "starting"

    @property
    def alive(self) -> bool:
        return self.state == "running" and bool(self.keeper and self.keeper.alive)

    @property
    def leader(self) -> Process | None:
        """The machine's PID 1; none while it reboots or when it has ended."""
        starter = self.keeper and self.keeper.child
        return starter and starter.child

    @property
    def hostname(self) -> str:
        return self.member or self.name


TUPLES = ("members", "trees")
FIELDS = tuple(field.name for field in dataclasses.fields(MachineRecord))


def path(name: str) -> Path:
    check_name(name)
    return folder.root() / "machines" / name


def check_name(name: str) -> None:
    """Raise UsageError for what cannot be the name of a machine."""
    if name in RESERVED or not NAME.fullmatch(name):
        raise UsageError(
            f"`{name}` cannot be the name of a machine",
            "a name is up to 31 letters a-z, digits and hyphens: a letter first, no"
            " hyphen last, and not `local`",
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
        values.update({key: tuple(values.get(key, ())) for key in TUPLES})
        return MachineRecord(**{**values, "spec": MachineSpec.of(found["spec"])})
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def records() -> list[MachineRecord]:
    """Return the records of all machines that have one, by name."""
    return [record for name in names() if (record := load(name))]


def create(record: MachineRecord) -> None:
    path(record.name).mkdir(mode=0o755, parents=True)
    save(record)


def save(record: MachineRecord) -> None:
    text = json.dumps(dataclasses.asdict(record), indent=2)
    folder.write(path(record.name) / RECORD, text)


def delete(name: str) -> None:
    folder.remove(path(name))
