"""Labs read once: parsing costs more than most checks, so its result is kept.

An entry is named by everything that went into it (the file's bytes and path, the
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
from lab_runner.model import (
    Command,
    Lab,
    MachineSpec,
    Question,
    Source,
    Step,
    Task,
)


def load(path: Path, seed: bytes, folder: Path) -> Lab:
    """Read a lab, from `folder` when this very file has been read before.

    Raises LabBroken as the reader does; a cache that cannot be used is only slower.
    """
    entry = folder / f"{_name(path, seed)}.json"
    with suppress(OSError, ValueError, KeyError, TypeError):
        return _decode(json.loads(entry.read_bytes()))
    from lab_runner.formats import native  # noqa: PLC0415  (what the cache saves)

    lab = native.read(path, seed)
    with suppress(OSError):
        _write(entry, json.dumps(asdict(lab), ensure_ascii=False))
    return lab


def _name(path: Path, seed: bytes) -> str:
    digest = hashlib.sha256(__version__.encode() + b"\0" + seed + b"\0")
    digest.update(f"{Path.cwd()}\0{path}\0".encode())
    with suppress(OSError):
        file = path / "lab.md" if path.is_dir() else path
        digest.update(file.read_bytes())
    return digest.hexdigest()[:32]


def _write(entry: Path, text: str) -> None:
    entry.parent.mkdir(exist_ok=True)
    aside = entry.with_suffix(f".{os.getpid()}")
    aside.write_text(text)
    aside.replace(entry)


def _decode(lab: dict[str, Any]) -> Lab:
    machine = lab["machine"]
    return Lab(
        **{
            **lab,
            "steps": tuple(_step(step) for step in lab["steps"]),
            "source": Source(**lab["source"]),
            "requires": tuple(lab["requires"]),
            "machine": MachineSpec(machine["image"], tuple(machine["packages"])),
        }
    )


def _step(step: dict[str, Any]) -> Step:
    return Step(
        **{
            **step,
            "source": Source(**step["source"]),
            "commands": tuple(_sourced(Command, c) for c in step["commands"]),
            "tasks": tuple(_sourced(Task, task) for task in step["tasks"]),
            "questions": tuple(_sourced(Question, q) for q in step["questions"]),
            "hints": tuple(step["hints"]),
        }
    )


def _sourced(cls: type[Any], record: dict[str, Any]) -> Any:
    return cls(**{**record, "source": Source(**record["source"])})
