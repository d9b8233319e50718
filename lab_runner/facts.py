"""Facts of a verdict: found by their name, also inside another, and kept small."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import islice
from typing import Any

LIMIT = 16 << 10


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


def bounded(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return facts of at most LIMIT bytes of JSON; long texts and lists lose their end."""
    longest, kept = LIMIT, facts
    while len(json.dumps(kept, default=str)) > LIMIT:
        longest //= 2
        kept = _cut(facts, longest)
    return kept


def _cut(found: Any, longest: int) -> Any:
    """Cut each text to `longest` characters, and all else to a sixteenth as many."""
    entries = longest // 16
    if isinstance(found, str):
        return found[:longest]
    if isinstance(found, Mapping):
        inside = islice(found.items(), entries)
        return {key[:longest]: _cut(each, longest) for key, each in inside}
    if isinstance(found, list | tuple):
        return [_cut(each, longest) for each in found[:entries]]
    return found


def _is_place(word: str, length: int) -> bool:
    return word.isdecimal() and int(word) < length


def _further(found: Any, words: list[str]) -> Any:
    return find(found, ".".join(words)) if words else found
