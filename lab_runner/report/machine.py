"""How lab machines are listed: pure functions from records to text and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from lab_runner.machines import limits
from lab_runner.machines.state import MachineRecord
from lab_runner.machines.usage import Usage

HEADINGS = (
    "NAME",
    "STATE",
    "UP",
    "MEMORY",
    "DISK",
    "ADDRESS",
    "LAB",
    "LEARNER",
    "IMAGE",
)
NONE = "There is no lab machine. Start one: labrun machine up lab"


UNITS = ("B", "KiB", "MiB", "GiB", "TiB")
Seen = Sequence[tuple[MachineRecord, Usage]]


def fields(record: MachineRecord, usage: Usage, now: float) -> dict[str, Any]:
    """Return a machine for JSON; `uptime` in seconds, `pid` as this host numbers it.

    `memory` and `disk` are what it takes of the host now, in bytes, or null; `limits`
    what it may take at most, null where nothing limits it.
    """
    return {
        "name": record.name,
        "state": record.state,
        "host": record.host,
        "image": record.spec.image,
        "packages": list(record.spec.packages),
        "address": record.address,
        "network": record.network,
        "group": record.group,
        "member": record.member,
        "lab": record.lab,
        "learner": record.learner,
        "memory": usage.memory,
        "disk": usage.disk,
        "limits": asdict(limits.held(record)),
        "pid": record.leader.pid if record.leader else None,
        "created": datetime.fromtimestamp(record.created, UTC).isoformat(),
        "uptime": max(0, round(now - record.created)),
    }


def started(records: Sequence[MachineRecord], seconds: float) -> str:
    """Return what is said of machines that are up: their names, and how to get in."""
    names = " and ".join(f"`{record.name}`" for record in records)
    machines = "Machine" if len(records) == 1 else "Machines"
    verb, them = ("is", "it") if len(records) == 1 else ("are", "them")
    ways = [f"  labrun machine shell {record.name}" for record in records]
    first = f"{machines} {names} {verb} up ({seconds:.1f} s). Enter {them}:"
    return "\n".join([first, *ways])


def table(machines: Seen, now: float) -> str:
    """Return machines as lines of aligned columns, headings first."""
    if not machines:
        return NONE
    return columns(HEADINGS, [_row(record, usage, now) for record, usage in machines])


def unlimited(record: MachineRecord) -> str:
    """Return the sentence on the limits that do not hold; empty if all do."""
    if not record.unlimited:
        return ""
    listed = "; ".join(f"{name}: {why}" for name, why in record.unlimited.items())
    return f"machine `{record.name}` is without some limits: {listed}"


def columns(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return lines whose cells stand below each other."""
    lines = [headings, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    padded = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        for line in lines
    ]
    return "\n".join(line.rstrip() for line in padded)


def size(amount: int | None) -> str:
    """Return bytes in their largest unit, to two digits at least: `64 MiB`, `1.5 GiB`."""
    if amount is None:
        return "-"
    power = min(max(amount.bit_length() - 1, 0) // 10, len(UNITS) - 1)
    value = amount / (1 << 10 * power)
    digits = 1 if value < 10 and power else 0
    return f"{value:.{digits}f} {UNITS[power]}"


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


def _row(record: MachineRecord, usage: Usage, now: float) -> tuple[str, ...]:
    return (
        record.name,
        record.state,
        duration(max(0, now - record.created)),
        size(usage.memory),
        size(usage.disk),
        record.address,
        record.lab or "-",
        record.learner or "-",
        " + ".join([record.spec.image, *record.spec.packages]),
    )
