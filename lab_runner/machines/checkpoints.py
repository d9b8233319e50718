"""Machines as they were when a step had been done, kept so that a lab can begin there.

A checkpoint is a folder named by all that led to it: the trees its machines started
from and what was done on them. It is made aside and renamed, so what is there is whole.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from lab_runner.machines import folder, locks
from lab_runner.machines.nspawn import disk
from lab_runner.machines.signals import deferred
from lab_runner.machines.state import MachineRecord

RECORD = "checkpoint.json"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a lab's machines after a step.

    `holds` are the ids of the tasks that were true. `survives` says whether they are
    again on machines booted from it, None as long as nobody has tried: processes are
    not kept. Without its `trees`, the names of what it lies above, it is worth nothing.
    """

    key: str
    lab: str
    step: str
    holds: tuple[str, ...]
    survives: bool | None = None
    trees: tuple[str, ...] = ()

    def disk(self, member: str) -> Path:
        """Return the saved disk of a machine; a lab's only machine has an empty name."""
        return _path(self.key) / f"disk-{member}"


def can_keep(record: MachineRecord) -> bool:
    """Tell whether a machine's disk can be kept; Docker has no way to it."""
    return record.host == "nspawn"


def find(key: str) -> Checkpoint | None:
    try:
        found = json.loads((_path(key) / RECORD).read_text())
        lists = {name: tuple(found[name]) for name in ("holds", "trees")}
        return Checkpoint(**{**found, **lists})
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def keep(checkpoint: Checkpoint, machines: Mapping[str, MachineRecord]) -> None:
    """Save the disks of running machines, by member; nothing happens if it is there."""
    busy = "this checkpoint is just being kept by another labrun"
    with locks.held(folder.locks() / f"checkpoint-{checkpoint.key}", busy, wait=60):
        made = _path(checkpoint.key)
        if made.exists():
            return
        aside = made.with_name(f".{checkpoint.key}")
        folder.remove(aside)
        try:
            aside.mkdir(mode=0o700, parents=True)
            for member, record in machines.items():
                disk.save(record, aside / f"disk-{member}")
            trees = {t for record in machines.values() for t in record.trees}
            names = sorted(Path(tree).parent.name for tree in trees)
            _write(aside, dataclasses.replace(checkpoint, trees=tuple(names)))
            aside.rename(made)
        except BaseException:
            with deferred():
                folder.remove(aside)
            raise


def judge(checkpoint: Checkpoint, *, survives: bool) -> None:
    """Remember whether machines booted from a checkpoint are what they were."""
    # It may have been pruned by now.
    with suppress(FileNotFoundError):
        judged = dataclasses.replace(checkpoint, survives=survives)
        _write(_path(checkpoint.key), judged)


def sweep() -> None:
    """Remove what a labrun that was killed has left of a checkpoint."""
    for aside in (folder.root() / "checkpoints").glob(".*"):
        lock = folder.locks() / f"checkpoint-{aside.name[1:]}"
        with suppress(locks.Busy), locks.held(lock, "is kept"):
            folder.remove(aside)


def _write(path: Path, checkpoint: Checkpoint) -> None:
    folder.write(path / RECORD, json.dumps(dataclasses.asdict(checkpoint)))


def _path(key: str) -> Path:
    return folder.root() / "checkpoints" / key
