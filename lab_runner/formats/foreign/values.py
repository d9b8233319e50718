"""Values of a file that somebody else wrote: of the shape that is wanted, or empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def text(values: Mapping[str, Any], key: str) -> str:
    """Return a value as text on one line; empty where there is none."""
    found = values.get(key)
    return " ".join(str(found).split()) if isinstance(found, str | int | float) else ""


def mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def listed(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else []
