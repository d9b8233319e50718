"""The front matter of a lab: facts about the lab as a whole, as YAML between `---`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lab_runner.formats import fields, machine_spec, recipes, yaml_nodes
from lab_runner.formats.faults import Faults, Place
from lab_runner.formats.yaml_nodes import Map, Scalar
from lab_runner.variables import Recipe

FENCE = "---"
KEY = re.compile(r"([\w-]+)[ \t]*:")
EXAMPLE = "title: Containerd and ctr"
KEYS: Mapping[str, fields.Convert] = {
    "title": fields.text,
    "summary": fields.text,
    "minutes": fields.whole(1, 10_000),
    "level": fields.text,
    "requires": fields.names(r"[\w-]+", "runc"),
    "deadline": fields.moment,
    "made_for": fields.text,
    "machine": machine_spec.described,
    "machines": fields.mapping("{client: {}, server: {packages: [jq]}}"),
    "vars": fields.mapping("{web: {token: 6}}"),
}


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What was said up front; `lines` is how much of the file it takes."""

    lines: int = 0
    values: Mapping[str, Any] = field(default_factory=dict)
    recipes: Mapping[str, Recipe] = field(default_factory=dict)


def keys(text: str) -> set[str]:
    """Return the keys of the front matter that a text begins with, unparsed."""
    lines = text.split("\n")
    end = closing(lines)
    return {match[1] for line in lines[1:end] if (match := KEY.match(line))}


def closing(lines: Sequence[str]) -> int:
    """Return the number, from 0, of the line that ends the front matter; 0 for none."""
    if lines[0].rstrip() != FENCE:
        return 0
    return next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE), 0)


def read(text: str, folder: Path, faults: Faults) -> FrontMatter:
    """Read the front matter of a file in `folder`, if it begins with one."""
    lines = text.split("\n")
    if lines[0].rstrip() != FENCE:
        return FrontMatter()
    end = closing(lines)
    if not end:
        faults.add(
            (1, 1),
            "the front matter is not closed",
            "Write `---` on a line of its own after its last key",
        )
        return FrontMatter()
    return _parsed("\n".join(lines[1:end]), end + 1, folder, faults)


def _parsed(yaml_text: str, lines: int, folder: Path, faults: Faults) -> FrontMatter:
    def locate(line: int, column: int) -> Place:
        return min(line + 2, lines), column + 1

    found = yaml_nodes.read(yaml_text, locate, faults)
    if found is None:
        return FrontMatter(lines)
    if not isinstance(found, Map):
        faults.add(
            found.place,
            "the front matter is not a mapping",
            f"Write keys and values, such as `{EXAMPLE}`",
        )
        return FrontMatter(lines)
    values = fields.take(found, KEYS, "the front matter", faults)
    values |= _machines(found, folder, faults)
    variables = _inner(found, "vars")
    values.pop("vars", None)
    made = recipes.read(variables, faults) if variables else {}
    return FrontMatter(lines, values, made)


def _machines(found: Map, folder: Path, faults: Faults) -> dict[str, Any]:
    one, several = found.entries.get("machine"), _inner(found, "machines")
    if one and several:
        place = found.entries["machines"].place
        faults.add(place, "a lab has one machine or several", "Keep one of the keys")
    made: dict[str, Any] = {}
    if one and isinstance(one.value, Map | Scalar):
        made["machine"] = machine_spec.one(one.value, folder, faults)
    if several:
        made["machines"] = machine_spec.several(several, folder, faults)
    return made


def _inner(node: Map, key: str) -> Map | None:
    entry = node.entries.get(key)
    return entry.value if entry and isinstance(entry.value, Map) else None
