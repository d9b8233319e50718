"""Settings of this host's kernel that machines need, put back when the last is gone."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

FOLDER = Path("/proc/sys")
NEEDED = {
    # The way out of the machines leads through this host.
    "net/ipv4/ip_forward": 1,
    # Every systemd watches files, and the limit is one for the root of all machines.
    "fs/inotify/max_user_instances": 8192,
}


def lacking(folder: Path = FOLDER) -> dict[str, int]:
    """Return the settings that are lower than machines need, as they are."""
    now = {name: _value(folder / name) for name in NEEDED}
    return {name: value for name, value in now.items() if value < NEEDED[name]}


def make(folder: Path = FOLDER) -> None:
    """Raise what is lacking, where this host may do so."""
    for name in lacking(folder):
        _set(folder / name, NEEDED[name])


def put_back(before: Mapping[str, int], folder: Path = FOLDER) -> None:
    """Return settings to what they were, unless somebody has changed them since."""
    for name, value in before.items():
        if _value(folder / name) == NEEDED[name]:
            _set(folder / name, value)


def _value(path: Path) -> int:
    return int(path.read_text())


def _set(path: Path, value: int) -> None:
    # A host that is itself a container may not; its own host decides then.
    with suppress(OSError):
        path.write_text(str(value))
