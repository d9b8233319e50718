"""`files:` of a machine: what is written into it, as text or from the lab's folder."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from checks.errors import SpecError
from lab_runner.formats import fields, files
from lab_runner.formats.faults import Faults
from lab_runner.formats.yaml_nodes import Entry, Map
from lab_runner.model import MachineFile

ABSOLUTE = r"(?:/[^/\0]+)+"
# Machines mount these afresh when they start, and whatever was there is hidden.
HIDDEN = "dev proc run sys tmp var/lock var/run var/lib/containerd var/lib/docker"
# What labrun writes into each machine for itself.
OWN = ("/etc/hostname", "/etc/hosts", "/etc/machine-id", "/etc/resolv.conf")
EITHER = 'write `{content: "…"}` or `{from: assets/NAME}`'


def read(node: Map, folder: Path, faults: Faults) -> tuple[MachineFile, ...]:
    """Read the files of a machine; `from` names a file in `folder`."""
    made = [
        _file(path, entry, folder, faults)
        for path, entry in node.entries.items()
        if _is_path(path, entry, faults)
    ]
    return tuple(file for file in made if file)


def is_free(path: str) -> bool:
    """Tell whether a lab may have a file at a path of its machine."""
    return _refusal(path) is None


def _is_path(path: str, entry: Entry, faults: Faults) -> bool:
    refusal = _refusal(path)
    if refusal:
        faults.add(entry.place, *refusal)
    return refusal is None


def _refusal(path: str) -> tuple[str, str] | None:
    """Return what is wrong with a path, and what to do instead."""
    if not re.fullmatch(ABSOLUTE, path) or {".", ".."} & set(path.split("/")):
        return f"`{path}` is no absolute path", "Write `/etc/motd`"
    if path in OWN:
        return f"`{path}` is written by labrun itself", "Leave it out"
    if f"{path}/".startswith(tuple(f"/{each}/" for each in HIDDEN.split())):
        message = f"`{path}` would be hidden by what the machine mounts there"
        return message, "Write it elsewhere, or in a `setup` fence"
    return None


def _file(path: str, entry: Entry, folder: Path, faults: Faults) -> MachineFile | None:
    if not isinstance(entry.value, Map):
        content = fields.convert(entry, _content, path, faults)
        return None if content is None else MachineFile(path, content)
    known = _keys(folder)
    given = fields.take(entry.value, known, f"file `{path}`", faults)
    if len({"content", "from"} & set(entry.value.entries)) != 1:
        faults.add(entry.place, f"`{path}` takes its text from one place", EITHER)
        return None
    source, text = given.get("from", ("", given.get("content")))
    if text is None:
        return None
    return MachineFile(path, text, given.get("mode", 0o644), source)


def _keys(folder: Path) -> Mapping[str, Callable[[Any], Any]]:
    return {"content": _content, "from": partial(_taken, folder), "mode": _mode}


def _content(value: Any) -> str:
    if not isinstance(value, str):
        raise SpecError("takes the text of the file", "write it after the `:` or `|`")
    return value


def _taken(folder: Path, value: Any) -> tuple[str, str]:
    """Return the name of a file in the folder, and its text."""
    if not isinstance(value, str) or not value:
        raise SpecError("takes the name of a file", "write `assets/NAME`")
    return value, files.asset(folder, value)


def _mode(value: Any) -> int:
    if not isinstance(value, str) or not re.fullmatch(r"0?[0-7]{3,4}", value):
        raise SpecError("takes permissions", 'write octal digits, such as `"0755"`')
    return int(value, 8)
