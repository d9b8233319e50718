"""A control group for each machine: what belongs to it, and nothing else, is in there.

Where the host runs systemd the group is a scope of systemd's. Elsewhere labrun makes one
in every hierarchy that is mounted, version 1 and 2 alike.
"""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from lab_runner.errors import MachineError
from lab_runner.machines import folder, host

PATIENCE = 5.0
PAUSE = 0.01
ENTER = (
    'n=$1; shift; while [ "$n" -gt 0 ]; do echo $$ >"$1" || exit 1; shift; n=$((n-1));'
    ' done; exec "$@"'
)


def entering(unit: str) -> list[str]:
    """Return the command line that runs what follows it in the group of `unit`."""
    if host.has_systemd():
        scope = ["--scope", "--quiet", "--collect", "--slice=machine.slice"]
        return [
            "systemd-run",
            *scope,
            "--property=Delegate=yes",
            f"--unit={_name(unit)}",
        ]
    groups = [str(_made(group) / "cgroup.procs") for group in _groups(unit)]
    return ["sh", "-c", ENTER, "enter", str(len(groups)), *groups]


def end(unit: str) -> None:
    """Kill all that is in the group of `unit`, then remove the group."""
    groups = _groups(unit)
    deadline = time.monotonic() + PATIENCE
    while members := {pid for group in groups for pid in _members(group)}:
        if time.monotonic() >= deadline:
            raise MachineError(f"processes of `{unit}` cannot be ended: {members}")
        for pid in members:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(PAUSE)
    if not host.has_systemd():
        for group in groups:
            _remove(group)


def _name(unit: str) -> str:
    return f"{folder.tag()}-{unit}"


def _groups(unit: str) -> list[Path]:
    if host.has_systemd():
        return [m / "machine.slice" / f"{_name(unit)}.scope" for m in _hierarchies()]
    return [mount / folder.tag() / unit for mount in _hierarchies()]


def _hierarchies() -> list[Path]:
    mounts = []
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        before, _, after = line.partition(" - ")
        if after.startswith(("cgroup ", "cgroup2 ")):
            mounts.append(Path(before.split()[4]))
    return mounts


def _made(group: Path) -> Path:
    for path in (group.parent, group):
        path.mkdir(exist_ok=True)
        for setting in ("cpuset.cpus", "cpuset.mems"):
            # Version 1 starts a group without processors, which nothing can enter.
            if (path / setting).exists() and not (path / "cgroup.type").exists():
                (path / setting).write_text((path.parent / setting).read_text())
    return group


def _members(group: Path) -> list[int]:
    found: list[int] = []
    for path in (group, *group.rglob("*/")):
        with suppress(OSError):  # it has just gone, or holds no processes of its own
            found += map(int, (path / "cgroup.procs").read_text().split())
    return found


def _remove(group: Path) -> None:
    for path, _, _ in os.walk(group, topdown=False):
        with suppress(FileNotFoundError):
            Path(path).rmdir()
    with suppress(OSError):  # other machines are in there
        group.parent.rmdir()
