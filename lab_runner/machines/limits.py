"""What a machine may take of its host: memory, processes, processors and disk.

The same names are set in control groups of version 1 and 2, by hand and by systemd. Which
of them hold is read back: it is the truth, whatever a host promised.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path

from lab_runner.errors import MachineError
from lab_runner.machines import folder
from lab_runner.machines.state import MachineRecord
from lab_runner.model import Limits

MIB = 1 << 20
# A few labs' worth of containers; a fork bomb of several machines leaves the host its own.
DEFAULTS = Limits(memory=2 << 30, processes=4096, disk=10 << 30)
PERIOD = 100_000  # microseconds: what every kernel divides time into by default
CONTROLLERS = {"memory": "memory", "processes": "pids", "cpus": "cpu"}
# By which a limit is known to hold: version 2, version 1.
TELLING = {
    "memory": ("memory.max", "memory.limit_in_bytes"),
    "processes": ("pids.max",),
    "cpus": ("cpu.max", "cpu.cfs_quota_us"),
}
LEAST_DISK = 1024 * MIB
LEAST_MEMORY = 256 * MIB


def granted(asked: Limits) -> Limits:
    """Return what a machine gets: what it asked for, else a default that suits the host."""
    memory = min(DEFAULTS.memory or 0, _memory("MemTotal") // 2)
    return replace(
        asked,
        memory=asked.memory or memory,
        processes=asked.processes or DEFAULTS.processes,
        disk=asked.disk or DEFAULTS.disk,
    )


def held(record: MachineRecord) -> Limits:
    """Return the limits that hold for a machine."""
    found = granted(record.spec.limits)
    return replace(found, **dict.fromkeys(record.unlimited))


def settings(limits: Limits) -> dict[str, str]:
    """Return what to write to a control group, by file, of those files that it has."""
    found = {}
    if limits.memory:
        found = {
            "memory.use_hierarchy": "1",  # for groups below; later kernels do it anyway
            "memory.limit_in_bytes": str(limits.memory),
            "memory.memsw.limit_in_bytes": str(limits.memory),
            "memory.max": str(limits.memory),
            "memory.swap.max": "0",
        }
    if limits.processes:
        found["pids.max"] = str(limits.processes)
    if limits.cpus:
        quota = round(limits.cpus * PERIOD)
        found["cpu.cfs_quota_us"] = str(quota)
        found["cpu.max"] = f"{quota} {PERIOD}"
    return found


def properties(limits: Limits) -> list[str]:
    """Return the options of systemd-run(1) that set the same: systemd.resource-control(5)."""
    found = []
    if limits.memory:
        found += [f"MemoryMax={limits.memory}", "MemorySwapMax=0"]
    if limits.processes:
        found.append(f"TasksMax={limits.processes}")
    if limits.cpus:
        found.append(f"CPUQuota={limits.cpus * 100:g}%")
    return [f"--property={each}" for each in found]


def lacking(controllers: Collection[str]) -> dict[str, str]:
    """Return which limits a host with these controllers cannot keep, and why."""
    return {
        name: f"this host has no control group controller `{controller}`"
        for name, controller in CONTROLLERS.items()
        if controller not in controllers
    }


def unheld(
    limits: Limits, groups: Iterable[Path], controllers: Collection[str]
) -> dict[str, str]:
    """Return which limits do not hold in these control groups of a machine, and why."""
    wanted = settings(limits)
    why = lacking(controllers)
    return {
        name: why.get(name, f"the controller `{CONTROLLERS[name]}` cannot be used here")
        for name, files in TELLING.items()
        if getattr(limits, name)
        and not any(
            _holds(group / file, wanted[file]) for group in groups for file in files
        )
    }


def require_room() -> None:
    """Raise MachineError where this host is too short of disk or memory for a machine."""
    root = folder.root()
    disk, memory = shutil.disk_usage(root).free, _memory("MemAvailable")
    if disk < LEAST_DISK:
        raise MachineError(
            f"the disk of `{root}` has {disk // MIB} MiB left,"
            f" and a machine needs {LEAST_DISK // MIB} MiB",
            "make room: labrun machine prune, or labrun machine down NAME",
        )
    if memory < LEAST_MEMORY:
        raise MachineError(
            f"this host has {memory // MIB} MiB of memory left,"
            f" and a machine needs {LEAST_MEMORY // MIB} MiB",
            "make room: labrun machine list, then labrun machine down NAME",
        )


def _memory(name: str) -> int:
    """Return a figure of proc_meminfo(5) in bytes."""
    lines = Path("/proc/meminfo").read_text().splitlines()
    line = next(line for line in lines if line.startswith(f"{name}:"))
    return int(line.split()[1]) << 10


def _holds(file: Path, wanted: str) -> bool:
    try:
        found = file.read_text().split()[0]
    except OSError:
        return False
    return found.isdigit() and int(found) <= int(wanted.split(maxsplit=1)[0])
