"""Labs read once: parsing costs more than most checks, so its result is kept.

An entry is named by what was asked for (the path, the learner's seed, labrun's version)
and holds the digests of all files and folders that the lab was made of, to be compared:
it can be stale in no way, only missing.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lab_runner import __version__
from lab_runner.errors import LabrunError
from lab_runner.formats import inputs
from lab_runner.formats.files import as_shown
from lab_runner.formats.reading import Reading
from lab_runner.model import Command, Lab, MachineSpec, Question, Source, Step, Task
from lab_runner.state import StateFolder

UNUSABLE = (OSError, ValueError, KeyError, TypeError, RecursionError, LabrunError)
PARTS = {"commands": Command, "tasks": Task, "questions": Question}


def find(path: Path, seed: bytes, state: StateFolder) -> Lab | None:
    """Return a lab as it was read before, unless anything that was read has changed."""
    with suppress(*UNUSABLE):
        found = json.loads(_entry(path, seed, state).read_bytes())
        if inputs.are_unchanged(found["inputs"]):
            return _lab(found["lab"])
    return None


def keep(reading: Reading, path: Path, seed: bytes, state: StateFolder) -> None:
    """Write down what was read; where that cannot be done, nothing is kept."""
    found = {"inputs": dict(reading.inputs), "lab": asdict(reading.lab)}
    with suppress(OSError):
        _write(_entry(path, seed, state), json.dumps(found), state)


def _entry(path: Path, seed: bytes, state: StateFolder) -> Path:
    """Return the file for a path, as it is shown from here and wherever it leads."""
    asked = (path.absolute(), path.resolve(), as_shown(path))
    parts = (__version__.encode(), seed, *(os.fsencode(str(each)) for each in asked))
    name = hashlib.sha256(b"\0".join(parts)).hexdigest()[:32]
    return state.path / "cache" / f"{name}.json"


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


def _lab(record: dict[str, Any]) -> Lab:
    record["steps"] = tuple(_step(step) for step in record["steps"])
    record["requires"] = tuple(record["requires"])
    record["machine"] = MachineSpec.of(record["machine"])
    several = record["machines"].items()
    record["machines"] = {name: MachineSpec.of(each) for name, each in several}
    lab: Lab = _placed(Lab, record)
    return lab


def _step(record: dict[str, Any]) -> Step:
    record["hints"] = tuple(record["hints"])
    for each in record["tasks"]:
        each["needs"] = tuple(each["needs"])
    for key, cls in PARTS.items():
        record[key] = tuple(_placed(cls, part) for part in record[key])
    step: Step = _placed(Step, record)
    return step


def _placed(cls: type[Any], record: dict[str, Any]) -> Any:
    return cls(**{**record, "source": Source(**record["source"])})
