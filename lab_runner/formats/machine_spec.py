"""What a lab machine is made of, in front matter and in a definition of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from checks.errors import SpecError
from checks.words import did_you_mean
from lab_runner import course
from lab_runner.formats import fields, machine_files
from lab_runner.formats.faults import Faults
from lab_runner.formats.yaml_nodes import Entry, Map, Node, Scalar
from lab_runner.model import Limits, MachineSpec

SIZE = re.compile(r"(\d{1,9})\s*([KMGT])(?:i?B)?", re.ASCII)
UNITS = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
PROCESSORS = re.compile(r"\d{1,4}(?:\.\d{1,2})?", re.ASCII)
REFERENCE = r"[a-z0-9][a-z0-9._:/@-]*"
MEMBER = r"(?!localhost$)[a-z](?:[a-z0-9-]{0,13}[a-z0-9])?"


def size(value: Any) -> int:
    """Convert `512M` or `2G` to bytes, in powers of 1024."""
    match = SIZE.fullmatch(value) if isinstance(value, str) else None
    if match is None or not int(match[1]):
        raise SpecError("takes a size", "write `512M` or `2G`")
    return int(match[1]) * UNITS[match[2]]


def sizes(low: str, high: str) -> fields.Convert:
    """Return the converter for a size from `low` to `high`."""

    def bounded(value: Any) -> int:
        found = size(value)
        if not size(low) <= found <= size(high):
            raise SpecError(f"`{value}` is out of range", f"write {low} to {high}")
        return found

    return bounded


def processors(value: Any) -> float:
    """Convert `1.5`, a number of processors."""
    if not isinstance(value, str) or not PROCESSORS.fullmatch(value):
        raise SpecError("takes a number of processors", "write `2` or `0.5`")
    if not float(value):
        raise SpecError("a machine needs some processor", "write `2` or `0.5`")
    return float(value)


def image(value: Any) -> str:
    """Convert the name of a system or of a definition."""
    known = (*course.SYSTEMS, *course.definitions())
    if not isinstance(value, str):
        raise SpecError("takes one name", f"write one such as `{known[0]}`")
    if value not in known:
        guess = did_you_mean(value, known)
        listed = ", ".join(known)
        raise SpecError(f"there is no image `{value}`{guess}", f"images: {listed}")
    return value


def described(value: Any) -> bool:
    """Check that a machine is described by a name or a mapping."""
    if not isinstance(value, str | Mapping):
        raise SpecError("takes a name or a mapping", "write `{image: debian-12}`")
    return True


LIMITS: Mapping[str, fields.Convert] = {
    "memory": sizes("32M", "8T"),
    "processes": fields.whole(16, 4_000_000),
    "cpus": processors,
    "disk": sizes("16M", "8T"),
}
KEYS: Mapping[str, fields.Convert] = {
    "image": image,
    "packages": fields.names(r"[a-z0-9][a-z0-9+.-]+", "jq"),
    "files": fields.mapping("{/etc/motd: Welcome}"),
    "registry": fields.names(REFERENCE, "docker.io/library/busybox:latest"),
    "isolated": fields.flag,
    **LIMITS,
}


def one(
    node: Node, folder: Path, faults: Faults, what: str = "`machine`"
) -> MachineSpec:
    """Read the specification of one machine, a name standing for its image.

    Every fault is noted; `folder` is where its files come from.
    """
    if not isinstance(node, Map):
        node = Map(node.place, {"image": Entry(node.place, node)})
    given = fields.take(node, KEYS, what, faults)
    given.pop("files", None)
    limits = Limits(**{key: given.pop(key) for key in LIMITS if key in given})
    entry = node.entries.get("files")
    listed = entry.value if entry and isinstance(entry.value, Map) else None
    files = machine_files.read(listed, folder, faults) if listed else ()
    return MachineSpec(**given, files=files, limits=limits)


def several(node: Map, folder: Path, faults: Faults) -> dict[str, MachineSpec]:
    """Read the machines of a lab that needs several, by name."""
    found = {}
    for name, entry in node.entries.items():
        if not re.fullmatch(MEMBER, name, re.ASCII):
            message = f"`{name}` is no name of a machine"
            faults.add(
                entry.place,
                message,
                "Write up to 15 of a-z, 0-9 and `-`: a letter first, no `-` last",
            )
        elif isinstance(entry.value, Map | Scalar):
            found[name] = one(entry.value, folder, faults, f"machine `{name}`")
        else:
            message = f"machine `{name}` takes a name or a mapping"
            faults.add(entry.place, message, f"Write `{name}: {{}}`")
    if not node.entries:
        faults.add(node.place, "`machines` names none", "Write `client: {}`")
    return found
