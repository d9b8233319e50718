"""The hierarchies of control groups that are mounted here, version 1 and 2 alike."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

UNIFIED = Path(
    "/sys/fs/cgroup/cgroup.controllers"
)  # where there is nothing but version 2


def mounts() -> list[Path]:
    """Return where they are mounted."""
    return [where for where, _ in _mounted()]


def controllers() -> set[str]:
    """Return the controllers that this host offers, such as `memory` and `pids`."""
    found: set[str] = set()
    for where, options in _mounted():
        listed = where / "cgroup.controllers"
        found |= set(listed.read_text().split() if listed.exists() else options)
    return found


def make(group: Path) -> Path:
    """Make a group and the one above it, so that processes can enter; return it."""
    for path in (group.parent, group):
        path.mkdir(exist_ok=True)
        if (path / "cgroup.controllers").exists():
            _hand_down(path.parent)
        elif (path / "cpuset.cpus").exists():
            # Version 1 starts a group without processors, which nothing can enter.
            for setting in ("cpuset.cpus", "cpuset.mems"):
                (path / setting).write_text((path.parent / setting).read_text())
    return group


def write(group: Path, settings: Mapping[str, str]) -> None:
    """Write to those files that a group has; what is refused stays as it was."""
    for file, text in settings.items():
        if (group / file).exists():
            with suppress(OSError):
                (group / file).write_text(text)


def _mounted() -> list[tuple[Path, list[str]]]:
    found = []
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        before, _, after = line.partition(" - ")
        kind, _, options = after.split()
        if kind in ("cgroup", "cgroup2"):
            found.append((Path(before.split()[4]), options.split(",")))
    return found


def _hand_down(group: Path) -> None:
    """Let what is below a group of version 2 use the controllers that the group has."""
    for controller in (group / "cgroup.controllers").read_text().split():
        # Not every controller can be handed down.
        write(group, {"cgroup.subtree_control": f"+{controller}"})
