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
# Of version 2 and 1: a file, what to write to go on and to pause, and what tells then.
FREEZERS = (
    ("cgroup.freeze", "0", "1", "cgroup.events", "frozen 1"),
    ("freezer.state", "THAWED", "FROZEN", "freezer.state", "FROZEN"),
)
# $1 the number of groups, then their files, then what to run in them.
ENTER = """
n=$1; shift
while [ "$n" -gt 0 ]; do echo $$ >"$1" || exit 1; shift; n=$((n-1)); done
exec "$@"
"""


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


def machine(name: str) -> str:
    """Return the unit of a machine: all that runs in it."""
    return f"machine-{name}"


def pausing(unit: str) -> tuple[str, str, str, str, str]:
    """Return how the group of `unit` is paused.

    The file that does it and what to write to go on and to pause, the file that tells
    and its line once all is paused. Raises MachineError where there is no way.
    """
    for switch, going, paused, told, line in FREEZERS:
        for group in _groups(unit):
            if (group / switch).exists():
                return str(group / switch), going, paused, str(group / told), line
    raise MachineError(
        "this host cannot pause machines: its control groups have no freezer",
        "labrun doctor",
    )


def end(unit: str) -> None:
    """Kill all that is in the group of `unit`, then remove the group."""
    groups = _groups(unit)
    deadline = time.monotonic() + PATIENCE
    while members := {pid for group in groups for pid in _members(group)}:
        if time.monotonic() >= deadline:
            numbers = ", ".join(map(str, sorted(members)))
            raise MachineError(
                f"processes of `{unit}` cannot be ended: {numbers}",
                "labrun machine list",
            )
        for pid in members:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        thaw(unit)
        time.sleep(PAUSE)
    if not host.has_systemd():
        for group in groups:
            _remove(group)


def thaw(unit: str) -> None:
    """Let paused containers die: a frozen process does not hear SIGKILL."""
    for group in _groups(unit):
        for path, _, files in os.walk(group):
            for name, state, *_ in FREEZERS:
                if name in files:
                    with suppress(OSError):  # the top of a tree cannot be frozen
                        Path(path, name).write_text(state)


def tidy() -> None:
    """Remove the group of all groups; nobody may be making one."""
    for mount in _hierarchies():
        _remove(mount / folder.tag())


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
        if (path / "cgroup.controllers").exists():
            _hand_down(path.parent)
        elif (path / "cpuset.cpus").exists():
            # Version 1 starts a group without processors, which nothing can enter.
            for setting in ("cpuset.cpus", "cpuset.mems"):
                (path / setting).write_text((path.parent / setting).read_text())
    return group


def _hand_down(group: Path) -> None:
    """Let what is below a group of version 2 use the controllers that the group has."""
    for controller in (group / "cgroup.controllers").read_text().split():
        with suppress(OSError):  # not every controller can be handed down
            (group / "cgroup.subtree_control").write_text(f"+{controller}")


def _members(group: Path) -> list[int]:
    found: list[int] = []
    for path, _, _ in os.walk(group):
        with suppress(OSError):  # it has just gone, or holds no processes of its own
            found += map(int, Path(path, "cgroup.procs").read_text().split())
    # 0 stands for a process that this process namespace does not have.
    return [pid for pid in found if pid]


def _remove(group: Path) -> None:
    for path, _, _ in os.walk(group, topdown=False):
        with suppress(FileNotFoundError):
            Path(path).rmdir()
