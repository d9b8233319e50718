"""What the kinds of Docker's objects compare alike."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from difflib import get_close_matches

from checks.matchers import Matcher


def accepts(wanted: Matcher, values: Sequence[str]) -> bool:
    """Ask a literal of one value, any other condition of each: `not` must not leak."""
    decide = any if wanted.literal else all
    return bool(values) and decide(map(wanted.accepts, values))


def among(wanted: Matcher | None, values: Sequence[str]) -> str | None:
    """Return the one of several values that decides about `wanted`; None without any."""
    if not values or wanted is None:
        return None
    right = accepts(wanted, values)
    return next((each for each in values if wanted.accepts(each) is right), values[0])


def near(name: str, known: Collection[str]) -> str:
    """Name what is called alike, as the end of a sentence, or nothing."""
    alike = [each for each in known if name.lower() in each.lower()]
    alike = alike or get_close_matches(name, known, cutoff=0.7)
    return f"; it has {', '.join(f'`{each}`' for each in alike[:3])}" if alike else ""
