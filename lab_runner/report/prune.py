"""How it is told what was removed: pure functions to text and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lab_runner.machines.prune import Waste
from lab_runner.report.machine import columns, size

HEADINGS = ("KIND", "NAME", "SIZE")
NOTHING = "There is nothing to remove."


def fields(found: Sequence[Waste], *, dry_run: bool) -> dict[str, Any]:
    """Return what was removed for JSON; `size` and `reclaimed` in bytes."""
    removed = [
        {"kind": each.kind, "name": each.path.name, "size": each.size} for each in found
    ]
    reclaimed = sum(each.size for each in found)
    return {"removed": removed, "reclaimed": reclaimed, "dry_run": dry_run}


def text(found: Sequence[Waste], *, dry_run: bool) -> str:
    """Return what was removed, line by line, and the space that gave."""
    if not found:
        return NOTHING
    rows = [(each.kind, each.path.name, size(each.size)) for each in found]
    total = size(sum(each.size for each in found))
    said = f"{total} could be reclaimed." if dry_run else f"{total} reclaimed."
    return f"{columns(HEADINGS, rows)}\n{said}"
