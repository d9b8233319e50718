"""`machine:` and `machines:` of the front matter: what a lab machine is made of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from checks.errors import SpecError
from lab_runner.formats import fields
from lab_runner.formats.faults import Faults
from lab_runner.formats.yaml_nodes import Entry, Map
from lab_runner.model import Limits, MachineFile, MachineSpec

SIZE = re.compile(r"(\d{1,9})\s*([KMGT])(?:i?B)?", re.ASCII)
UNITS = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
PROCESSORS = re.compile(r"\d{1,4}(?:\.\d{1,2})?", re.ASCII)
ABSOLUTE = r"(?:/[^/\0]+)+"
REFERENCE = r"[a-z0-9][a-z0-9._:/@-]*"
MEMBER = r"[a-z][a-z0-9-]{0,14}"


def size(value: Any) -> int:
    """Convert `512M` or `2G` to bytes, in powers of 1024."""
    match = SIZE.fullmatch(value) if isinstance(value, str) else None
    if match is None or not int(match[1]):
        raise SpecError("takes a size", "write `512M` or `2G`")
    return int(match[1]) * UNITS[match[2]]


def processors(value: Any) -> float:
    """Convert `1.5`, a number of processors."""
    if not isinstance(value, str) or not PROCESSORS.fullmatch(value):
        raise SpecError("takes a number of processors", "write `2` or `0.5`")
    if not float(value):
        raise SpecError("a machine needs some processor", "write `2` or `0.5`")
    return float(value)


def mode(value: Any) -> int:
    """Convert permissions in octal digits, such as `0755`."""
    if not isinstance(value, str) or not re.fullmatch(r"0?[0-7]{3,4}", value):
        raise SpecError("takes permissions", 'write octal digits, such as `"0755"`')
    return int(value, 8)


LIMITS: Mapping[str, fields.Convert] = {
    "memory": size,
    "processes": fields.whole(16, 4_000_000),
    "cpus": processors,
    "disk": size,
}
KEYS: Mapping[str, fields.Convert] = {
    "image": fields.name(r"[a-z0-9][a-z0-9.-]*", "debian-12"),
    "packages": fields.names(r"[a-z0-9][a-z0-9+.-]*", "jq"),
    "files": fields.mapping("{/etc/motd: Welcome}"),
    "registry": fields.names(REFERENCE, "docker.io/library/busybox:latest"),
    "isolated": fields.flag,
    **LIMITS,
}
FILE_KEYS: Mapping[str, fields.Convert] = {"content": str, "mode": mode}


def one(node: Map, faults: Faults, what: str = "`machine`") -> MachineSpec:
    """Read the specification of one machine; every fault is noted."""
    given = fields.take(node, KEYS, what, faults)
    given.pop("files", None)
    limits = Limits(**{key: given.pop(key) for key in LIMITS if key in given})
    files = node.entries.get("files")
    held = _files(files.value, faults) if files and isinstance(files.value, Map) else ()
    return MachineSpec(**given, files=held, limits=limits)


def several(node: Map, faults: Faults) -> dict[str, MachineSpec]:
    """Read the machines of a lab that needs several, by name."""
    found = {}
    for name, entry in node.entries.items():
        if not re.fullmatch(MEMBER, name, re.ASCII):
            message = f"`{name}` is no name of a machine"
            faults.add(entry.place, message, "Write up to 15 of a-z, 0-9 and `-`")
        elif isinstance(entry.value, Map):
            found[name] = one(entry.value, faults, f"machine `{name}`")
        else:
            message = f"machine `{name}` takes a mapping"
            faults.add(entry.place, message, f"Write `{name}: {{}}`")
    if not node.entries:
        faults.add(node.place, "`machines` names none", "Write `client: {}`")
    return found


def _files(node: Map, faults: Faults) -> tuple[MachineFile, ...]:
    made = [_file(path, entry, faults) for path, entry in node.entries.items()]
    return tuple(file for file in made if file)


def _file(path: str, entry: Entry, faults: Faults) -> MachineFile | None:
    if not re.fullmatch(ABSOLUTE, path) or {".", ".."} & set(path.split("/")):
        faults.add(entry.place, f"`{path}` is no absolute path", "Write `/etc/motd`")
        return None
    if isinstance(entry.value, Map):
        given = fields.take(entry.value, FILE_KEYS, f"file `{path}`", faults)
        return MachineFile(path, given.get("content", ""), given.get("mode", 0o644))
    content = fields.convert(entry, _content, path, faults)
    return None if content is None else MachineFile(path, content)


def _content(value: Any) -> str:
    if not isinstance(value, str):
        raise SpecError("takes the text of the file", "write it after the `:` or `|`")
    return value
