"""How the images of the mirror are reported: pure functions to text and JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from lab_runner.characters import harmless
from lab_runner.machines.mirror.catalogue import Image, Outcome
from lab_runner.report import machine

HEADINGS = ("IMAGE", "DIGEST", "SIZE", "FETCHED", "WHY")
WHY = {"added": "added", "asked": "", "pulled": "pulled through", "shipped": "shipped"}
NONE = "The mirror has no images. Add one: labrun machine mirror add IMAGE"
SAID = {
    "fetched": "fetched, {size}",
    "moved": "its tag has moved: fetched again, {size}",
    "current": "up to date",
    "kept": "kept as it was added from {source}",
}


def fields(image: Image, labs: Sequence[str]) -> dict[str, Any]:
    """Return an image for JSON; `labs` are the ids of those that ask for it."""
    return {
        "name": str(image.name),
        "digest": image.entry.digest,
        "size": image.size,
        "fetched": datetime.fromtimestamp(image.entry.fetched, UTC).isoformat(),
        "origin": image.entry.origin,
        "source": image.entry.source,
        "labs": list(labs),
    }


def outcome_fields(outcome: Outcome) -> dict[str, Any]:
    """Return what became of an order for JSON."""
    return {
        "name": str(outcome.order.image),
        "status": outcome.status,
        "digest": outcome.image.entry.digest if outcome.image else None,
        "size": outcome.image.size if outcome.image else None,
        "message": outcome.failure.message if outcome.failure else "",
    }


def table(images: Sequence[Image], labs: Mapping[str, Sequence[str]]) -> str:
    """Return images as lines of aligned columns; `labs` by the name of an image."""
    if not images:
        return NONE
    rows = [_row(each, labs.get(str(each.name), ())) for each in images]
    return machine.columns(HEADINGS, rows)


def line(outcome: Outcome) -> str:
    """Return one sentence on what became of an order."""
    if outcome.failure:
        return harmless(f"{outcome.order.image}: {outcome.failure.message}")
    amount = machine.size(outcome.image.size) if outcome.image else ""
    said = SAID[outcome.status].format(size=amount, source=outcome.order.source)
    return harmless(f"{outcome.order.image}: {said}")


def _row(image: Image, labs: Sequence[str]) -> tuple[str, ...]:
    entry = image.entry
    fetched = datetime.fromtimestamp(entry.fetched, UTC).astimezone()
    reasons = [WHY[entry.origin], *(f"lab {lab}" for lab in labs)]
    return (
        str(image.name),
        entry.digest[: len("sha256:") + 12],
        machine.size(image.size),
        f"{fetched:%Y-%m-%d %H:%M}",
        ", ".join(filter(None, reasons)) or "a lab",
    )
