"""Settings of this host's kernel that machines need, put back when the last is gone."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from lab_runner.machines import folder as files

FOLDER = Path("/proc/sys")
# One for all machine folders of this host, and gone with its boot as the settings are.
NOTE = Path("/run/labrun-settings.json")
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


def make(folder: Path = FOLDER, note: Path = NOTE) -> None:
    """Raise what is lacking, where this host may do so, and note how it was."""
    if before := lacking(folder):
        # What was noted first is how it was without lab machines.
        files.write(note, json.dumps({**before, **_noted(note)}))
    for name in before:
        _set(folder / name, NEEDED[name])


def put_back(folder: Path = FOLDER, note: Path = NOTE) -> None:
    """Return settings to what was noted, unless somebody has changed them since."""
    for name, value in _noted(note).items():
        if _value(folder / name) == NEEDED[name]:
            _set(folder / name, value)
    leave(note)


def leave(note: Path = NOTE) -> None:
    """Have the settings stay as they are, because others rely on them by now."""
    note.unlink(missing_ok=True)


def _noted(note: Path) -> dict[str, int]:
    try:
        found = json.loads(note.read_text())
        return {name: int(found[name]) for name in NEEDED if name in found}
    except (FileNotFoundError, ValueError, TypeError):
        return {}


def _value(path: Path) -> int:
    return int(path.read_text())


def _set(path: Path, value: int) -> None:
    # A host that is itself a container may not; its own host decides then.
    with suppress(OSError):
        path.write_text(str(value))
