"""Labs read once: parsing costs more than most checks, so its result is kept.

An entry is named by everything that went into it (the file's bytes and place, the
learner's seed, labrun's version), so it can be stale in no way, only missing.
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
from lab_runner.formats.files import NAME, as_shown
from lab_runner.model import (
    Command,
    Lab,
    MachineSpec,
    Question,
    Source,
    Step,
    Task,
)

PARTS = {"commands": Command, "tasks": Task, "questions": Question}


def load(path: Path, seed: bytes, folder: Path) -> Lab:
    """Read a lab, from `folder` when this very file has been read before.

    Raises LabBroken as the reader does; a cache that cannot be used is only slower.
    """
    file = path / NAME if path.is_dir() else path
    entry = folder / f"{_name(file, seed)}.json"
    with suppress(OSError, ValueError, KeyError, TypeError):
        return _Decoder(as_shown(file)).lab(json.loads(entry.read_bytes()))
    from lab_runner.formats import native  # noqa: PLC0415  (what the cache saves)

    lab = native.read(path, seed)
    with suppress(OSError):
        _write(entry, json.dumps(asdict(lab), ensure_ascii=False))
    return lab


def _name(file: Path, seed: bytes) -> str:
    digest = hashlib.sha256(__version__.encode() + b"\0" + seed + b"\0")
    digest.update(os.fsencode(file.absolute()) + b"\0")
    with suppress(OSError):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:32]


def _write(entry: Path, text: str) -> None:
    entry.parent.mkdir(exist_ok=True)
    aside = entry.with_suffix(f".{os.getpid()}")
    aside.write_text(text)
    aside.replace(entry)


class _Decoder:
    """Makes a Lab of its JSON; places in it are shown with the path as it is now."""

    def __init__(self, shown: str) -> None:
        self._shown = shown

    def lab(self, record: dict[str, Any]) -> Lab:
        machine = record["machine"]
        record["steps"] = tuple(self._step(step) for step in record["steps"])
        record["requires"] = tuple(record["requires"])
        record["machine"] = MachineSpec(machine["image"], tuple(machine["packages"]))
        lab: Lab = self._placed(Lab, record)
        return lab

    def _step(self, record: dict[str, Any]) -> Step:
        record["hints"] = tuple(record["hints"])
        for key, cls in PARTS.items():
            record[key] = tuple(self._placed(cls, part) for part in record[key])
        step: Step = self._placed(Step, record)
        return step

    def _placed(self, cls: type[Any], record: dict[str, Any]) -> Any:
        source = record["source"]
        record["source"] = Source(self._shown, source["line"], source["column"])
        return cls(**record)
