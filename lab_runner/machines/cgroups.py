"""A control group for each machine: what belongs to it, and nothing else, is in there.

Where the host runs systemd on version 2, the group is a scope of systemd's. Elsewhere
labrun makes one in every hierarchy that is mounted, version 1 and 2 alike.
"""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from lab_runner.errors import MachineError
from lab_runner.machines import folder, hierarchies, host
from lab_runner.machines.limits import properties, settings
from lab_runner.model import Limits

PATIENCE = 5.0
PAUSE = 0.01
# Of version 2 and 1: a file, what to write to go on and to pause, and what tells then.
FREEZERS = (
    ("cgroup.freeze", "0", "1", "cgroup.events", "frozen 1"),
    ("freezer.state", "THAWED", "FROZEN", "freezer.state", "FROZEN"),
)
SCOPE = [
    *("systemd-run", "--scope", "--quiet", "--collect", "--slice=machine.slice"),
    "--property=Delegate=yes",
]
INSIDE = "inside"
# $1 the number of groups, then their files, then what to run in them.
ENTER = """
n=$1; shift
while [ "$n" -gt 0 ]; do echo $$ >"$1" || exit 1; shift; n=$((n-1)); done
exec "$@"
"""


def entering(unit: str, limits: Limits | None = None) -> list[str]:
    """Return the command line that runs what follows it in the group of `unit`.

    What a program that runs there can change of its own group lifts no limits: they are
    those of a group above.
    """
    if _by_systemd():
        return [*SCOPE, *properties(limits or Limits()), f"--unit={_name(unit)}"]
    made = [hierarchies.make(group) for group in groups(unit)]
    if limits:
        for group in made:
            hierarchies.write(group, settings(limits))
        made = [hierarchies.make(group / INSIDE) for group in made]
    files = [str(group / "cgroup.procs") for group in made]
    return ["sh", "-c", ENTER, "enter", str(len(files)), *files]


def machine(name: str) -> str:
    """Return the unit of a machine: all that runs in it."""
    return f"machine-{name}"


def pausing(unit: str) -> tuple[str, str, str, str, str]:
    """Return how the group of `unit` is paused.

    The file that does it and what to write to go on and to pause, the file that tells
    and its line once all is paused. Raises MachineError where there is no way.
    """
    for switch, going, paused, told, line in FREEZERS:
        for group in groups(unit):
            if (group / switch).exists():
                return str(group / switch), going, paused, str(group / told), line
    raise MachineError(
        "this host cannot pause machines: its control groups have no freezer",
        "labrun doctor",
    )


def end(unit: str) -> None:
    """Kill all that is in the group of `unit`, then remove the group."""
    deadline = time.monotonic() + PATIENCE
    while running := members(unit):
        if time.monotonic() >= deadline:
            numbers = ", ".join(map(str, sorted(running)))
            raise MachineError(
                f"processes of `{unit}` cannot be ended: {numbers}",
                "labrun machine list",
            )
        for pid in running:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        thaw(unit)
        time.sleep(PAUSE)
    if not _by_systemd():
        for group in groups(unit):
            _remove(group)


def members(unit: str) -> set[int]:
    """Return the processes in the group of `unit`."""
    return {pid for group in groups(unit) for pid in _members(group)}


def thaw(unit: str) -> None:
    """Let paused containers die: a frozen process does not hear SIGKILL."""
    for group in groups(unit):
        for path, _, files in os.walk(group):
            for name, state, *_ in FREEZERS:
                if name in files:
                    with suppress(OSError):  # the top of a tree cannot be frozen
                        Path(path, name).write_text(state)


def tidy() -> None:
    """Remove the group of all groups; nobody may be making one."""
    for mount in hierarchies.mounts():
        _remove(mount / folder.tag())


def _name(unit: str) -> str:
    return f"{folder.tag()}-{unit}"


def _by_systemd() -> bool:
    """Return whether groups are systemd's to make: on version 1 it tolerates others."""
    return host.has_systemd() and hierarchies.UNIFIED.exists()


def groups(unit: str) -> list[Path]:
    """Return the group of `unit` in each hierarchy."""
    if _by_systemd():
        return [
            m / "machine.slice" / f"{_name(unit)}.scope" for m in hierarchies.mounts()
        ]
    return [mount / folder.tag() / unit for mount in hierarchies.mounts()]


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
