"""How lab machines are listed: pure functions from records to text and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from lab_runner.machines.state import MachineRecord

HEADINGS = ("NAME", "STATE", "UP", "ADDRESS", "IMAGE", "PACKAGES")
NONE = "There is no lab machine. Start one: labrun machine up lab"


def fields(record: MachineRecord, now: float) -> dict[str, Any]:
    """Return a machine for JSON; `uptime` in seconds, `pid` as this host numbers it."""
    return {
        "name": record.name,
        "state": record.state,
        "image": record.spec.image,
        "packages": list(record.spec.packages),
        "address": record.address,
        "pid": record.leader.pid if record.leader else None,
        "created": datetime.fromtimestamp(record.created, UTC).isoformat(),
        "uptime": max(0, round(now - record.created)),
    }


def table(records: Sequence[MachineRecord], now: float) -> str:
    """Return machines as lines of aligned columns, headings first."""
    if not records:
        return NONE
    rows = [HEADINGS, *(_row(record, now) for record in records)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]
    return "\n".join(line.rstrip() for line in lines)


def duration(seconds: float) -> str:
    """Return a span of time in its largest unit, two for hours and days: `1 h 20 min`."""
    minutes, left = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h"
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min" if minutes else f"{left} s"


def _row(record: MachineRecord, now: float) -> tuple[str, ...]:
    return (
        record.name,
        record.state,
        duration(max(0, now - record.created)),
        record.address,
        record.spec.image,
        " ".join(record.spec.packages) or "-",
    )
