"""Labs read once: parsing costs more than most checks, so its result is kept.

An entry is named by what went into it (the file's bytes, the lab's id, the learner's
seed, labrun's version) and holds the texts of other files that did, to be compared: it
can be stale in no way, only missing.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from checks.errors import SpecError
from lab_runner import __version__
from lab_runner.formats import files
from lab_runner.formats.files import LabFile
from lab_runner.model import (
    Command,
    Lab,
    MachineSpec,
    Question,
    Source,
    Step,
    Task,
)
from lab_runner.state import StateFolder

UNUSABLE = (OSError, ValueError, KeyError, TypeError, RecursionError, SpecError)
PARTS = {"commands": Command, "tasks": Task, "questions": Question}


def load(path: Path, seed: bytes, state: StateFolder) -> Lab:
    """Read a lab, from the learner's cache when this very file has been read before.

    Raises LabBroken and UsageError as the reader does; a cache that cannot be used is
    only slower.
    """
    file = files.load(path)
    entry = state.path / "cache" / f"{_name(file, seed)}.json"
    with suppress(*UNUSABLE):
        lab = _Decoder(file.path).lab(json.loads(entry.read_bytes()))
        if _is_fresh(lab, file):
            return lab
    from lab_runner.formats import native  # noqa: PLC0415  (what the cache saves)

    lab = native.understand(file, seed)
    with suppress(OSError):
        _write(entry, json.dumps(asdict(lab)), state)
    return lab


def _name(file: LabFile, seed: bytes) -> str:
    parts = (__version__.encode(), seed, file.lab_id.encode(), file.digest.encode())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:32]


def _is_fresh(lab: Lab, file: LabFile) -> bool:
    found = {name: files.asset(file.folder, name) for name in lab.assets}
    return found == lab.assets


def _write(entry: Path, text: str, state: StateFolder) -> None:
    entry.parent.mkdir(exist_ok=True)
    state.own(entry.parent)
    aside = entry.with_suffix(f".{os.getpid()}")
    try:
        aside.write_text(text)
        state.own(aside)
        aside.replace(entry)
    finally:
        aside.unlink(missing_ok=True)


class _Decoder:
    """Makes a Lab of its JSON; places in it are shown with the path as it is now."""

    def __init__(self, shown: str) -> None:
        self._shown = shown

    def lab(self, record: dict[str, Any]) -> Lab:
        record["steps"] = tuple(self._step(step) for step in record["steps"])
        record["requires"] = tuple(record["requires"])
        record["machine"] = MachineSpec.of(record["machine"])
        several = record["machines"].items()
        record["machines"] = {name: MachineSpec.of(each) for name, each in several}
        lab: Lab = self._placed(Lab, record)
        return lab

    def _step(self, record: dict[str, Any]) -> Step:
        record["hints"] = tuple(record["hints"])
        for each in record["tasks"]:
            each["needs"] = tuple(each["needs"])
        for key, cls in PARTS.items():
            record[key] = tuple(self._placed(cls, part) for part in record[key])
        step: Step = self._placed(Step, record)
        return step

    def _placed(self, cls: type[Any], record: dict[str, Any]) -> Any:
        source = record["source"]
        record["source"] = Source(self._shown, source["line"], source["column"])
        return cls(**record)
