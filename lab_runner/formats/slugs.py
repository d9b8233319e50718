"""Ids made from texts: lower case, words joined by dashes."""

from __future__ import annotations

import re
from collections import Counter

LONGEST = 60


def slug(text: str) -> str:
    """Return the id of a text: `Pull an image!` becomes `pull-an-image`."""
    return re.sub(r"[^\w]+", "-", text.lower()).strip("-")[:LONGEST].rstrip("-")


class Ids:
    """Ids given out so far; a second one of the same base gets `-2`."""

    def __init__(self) -> None:
        self._given: set[str] = set()
        self._counts: Counter[str] = Counter()

    def unique(self, base: str) -> str:
        name = base
        while name in self._given:
            self._counts[base] += 1
            name = f"{base}-{self._counts[base] + 1}"
        self._given.add(name)
        return name
