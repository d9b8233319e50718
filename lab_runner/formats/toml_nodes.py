"""TOML as the tree that YAML becomes, so that both are read by the same keys."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from lab_runner.formats import toml_text
from lab_runner.formats.faults import Place
from lab_runner.formats.yaml_nodes import Entry, List, Map, Node, Scalar

Keys = tuple[str, ...]
KEY = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
KEYS = rf"{KEY}(?:\s*\.\s*{KEY})*"
LINE = re.compile(rf"\s*(?:\[\s*({KEYS})\s*\]|({KEYS})\s*=)")


def read(text: str, path: str, example: str) -> Map:
    """Read the text of a file; raises LabBroken where it is not TOML.

    A value has the place of its key, or of the nearest key that stands on a line.
    """
    found = toml_text.parse(text, path, example)
    return _map(found, (), dict(_places(text)))


def _map(found: Mapping[str, Any], at: Keys, places: Mapping[Keys, Place]) -> Map:
    entries = {}
    for key, value in found.items():
        keys = (*at, key)
        place = places.get(keys) or places.get(at, (1, 1))
        inner = {keys: place, **places}
        entries[key] = Entry(place, _node(value, keys, inner))
    return Map(places.get(at, (1, 1)), entries)


def _node(value: Any, at: Keys, places: Mapping[Keys, Place]) -> Node:
    match value:
        case dict():
            return _map(value, at, places)
        case list():
            return List(places[at], tuple(_node(each, at, places) for each in value))
        case bool():
            return Scalar(places[at], str(value).lower())
        case _:
            return Scalar(places[at], str(value))


def _places(text: str) -> Iterator[tuple[Keys, Place]]:
    table: Keys = ()
    for number, line in enumerate(text.splitlines(), 1):
        if found := LINE.match(line):
            place = (number, len(line) - len(line.lstrip()) + 1)
            keys = _keys(found[1] or found[2])
            table = keys if found[1] else table
            yield (keys if found[1] else (*table, *keys)), place


def _keys(dotted: str) -> Keys:
    """Return the parts of a dotted key, quoted or bare."""
    found: Any = tomllib.loads(f"{dotted} = 0")
    keys = []
    while isinstance(found, dict):
        ((key, found),) = found.items()
        keys.append(key)
    return tuple(keys)
