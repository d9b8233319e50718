"""What was told of a lab's machines while a shell was open: one JSON object a line.

An event has `time`, `source`, `address`, `namespace`, `topic` and `fields`. A mark has
`time`, `source`, `address`, `watching` and `reason`: from then on all is written down,
or for this reason not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from lab_runner.recording.commands import folder_of
from lab_runner.recording.lines import Lines, is_written

SUFFIX = ".events.jsonl"
LIMIT = 64 << 20


def write(lines: Lines, machine: str, record: Mapping[str, Any]) -> None:
    if lines.size < LIMIT:
        lines.append(json.dumps({"machine": machine, **record}, ensure_ascii=False))


def read(lab: str, machine: str) -> list[Mapping[str, Any]] | None:
    """Return what was told of a machine, oldest first; raises OSError.

    Marks are only those of a shell that is still open. None means that nobody has ever
    watched this machine.
    """
    found: list[Mapping[str, Any]] = []
    is_marked = False
    paths = sorted(folder_of(lab).path.glob(f"*{SUFFIX}"))
    for path in paths:
        # Looked at first: what is written until its end was written by a watcher.
        counts = not is_marked and is_written(path)
        records = [each for each in _records(path) if each["machine"] == machine]
        if counts and records:
            is_marked = True
            found += records
        else:
            found += [each for each in records if "topic" in each]
    return sorted(found, key=lambda each: each["time"]) if paths else None


def _records(path: Path) -> Iterator[Mapping[str, Any]]:
    for line in path.read_text(errors="replace").split("\n"):
        with suppress(ValueError):
            record = json.loads(line)
            if _is_sound(record):
                yield record


def _is_sound(record: object) -> bool:
    if not isinstance(record, dict):
        return False
    is_event = isinstance(record.get("topic"), str) and isinstance(
        record.get("fields"), dict
    )
    is_placed = isinstance(record.get("machine"), str)
    is_timed = isinstance(record.get("time"), int | float)
    return is_placed and is_timed and (is_event or "watching" in record)
