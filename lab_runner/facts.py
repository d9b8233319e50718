"""Facts of a verdict by their name, also those that lie inside another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def find(found: Any, name: str) -> Any:
    """Return what a dotted name leads to, such as `labels.app`; None where nothing is.

    A part may be a key that has dots itself, or the place of an entry in a list.
    """
    words = name.split(".")
    if isinstance(found, list | tuple):
        inner = found[int(words[0])] if _is_place(words[0], len(found)) else None
        return _further(inner, words[1:])
    if isinstance(found, Mapping):
        for count in range(len(words), 0, -1):
            key = ".".join(words[:count])
            if key in found:
                return _further(found[key], words[count:])
    return None


def _is_place(word: str, length: int) -> bool:
    return word.isdecimal() and int(word) < length


def _further(found: Any, words: list[str]) -> Any:
    return find(found, ".".join(words)) if words else found
