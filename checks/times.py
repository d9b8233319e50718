"""Spans of time in words."""

from __future__ import annotations

UNITS = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))


def ago(seconds: float) -> str:
    """Word how long ago something was, in its largest unit: "3 minutes ago"."""
    for unit, length in UNITS:
        count = int(seconds // length)
        if count > 0:
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"
