"""What is missing on a machine, for what, and the command that mends it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from checks.containerd import flavours
from checks.containerd.connect import connect
from checks.doors import rooted
from checks.doors.dial import NothingListens
from checks.doors.files import Stat
from checks.doors.machine import Machine
from checks.errors import CheckError
from checks.host import absence, systemd
from lab_runner.errors import LabrunError, MachineError
from lab_runner.machines import backends, hierarchies, host, limits
from lab_runner.machines.nspawn import disk
from lab_runner.state import StateFolder

SOCKETS = {
    "docker": (
        ("/var/run/docker.sock", "/run/docker.sock"),
        "checks of Docker's images and containers",
        "apt install docker.io && systemctl start docker",
    ),
}
CONTAINERD = "checks of containerd's images, containers and tasks"
SHOWN_NAMESPACES = 5

MACHINE_FEATURES = {
    "user, mount, pid and net namespaces": ("/proc/self/ns/net", "/proc/self/ns/pid"),
    "control groups": ("/sys/fs/cgroup",),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that labrun needs: whether it is there, for what, and what mends it."""

    name: str
    ok: bool
    found: str
    needed_for: str
    fix: str = ""


def examine(machine: Machine, state: StateFolder) -> Iterator[Finding]:
    """Look at a machine and, where it is this one, at what making lab machines takes."""
    yield _journal(state)
    yield _systemd(machine)
    yield from _containerds(machine)
    for daemon in SOCKETS:
        yield _socket(machine, daemon)
    yield _runc(machine)
    if machine.name == "local":
        yield from _host()


def _journal(state: StateFolder) -> Finding:
    for_what = "keeping your progress"
    try:
        folder = state.make()
    except LabrunError as error:
        return Finding("progress", False, error.message, for_what, error.remedy)
    if not os.access(folder, os.W_OK):
        fix = "export LABRUN_STATE_DIR=~/labrun"
        return Finding("progress", False, f"{folder} is read-only", for_what, fix)
    return Finding("progress", True, str(folder), for_what)


def _systemd(machine: Machine) -> Finding:
    for_what = "checks of services"
    try:
        first = machine.read("/proc/1/comm").decode().strip()
    except (CheckError, OSError) as error:
        return Finding("systemd", False, str(error), for_what, "run with `sudo`")
    if first == "systemd":
        return Finding("systemd", True, "it is process 1", for_what)
    return Finding(
        "systemd",
        False,
        f"process 1 is `{first}`",
        for_what,
        "take the lab on a lab machine: labrun machine up lab",
    )


def _containerds(machine: Machine) -> Iterator[Finding]:
    """Yield each containerd that listens on the machine, or that there is none."""
    found = list(flavours.answering(machine))
    for each in found:
        yield _containerd(machine, each)
    if not found:
        usual = flavours.DISTRIBUTION
        reason = absence.explained(machine, usual, NothingListens("none listens", ""))
        fix = f"{usual.install} && {usual.systemctl} start {usual.unit}"
        yield Finding("containerd", False, reason.message, CONTAINERD, fix)


def _containerd(machine: Machine, flavour: flavours.Flavour) -> Finding:
    name = f"containerd ({flavour.name})"
    try:
        client = connect(machine, flavour.address)
        version, known = client.version().version, sorted(client.namespaces())
    except (CheckError, ImportError) as error:
        remedy = error.remedy if isinstance(error, CheckError) else ""
        return Finding(name, False, str(error), CONTAINERD, remedy)
    more = len(known) - SHOWN_NAMESPACES
    listed = ", ".join(known[:SHOWN_NAMESPACES]) + (
        f" and {more} more" if more > 0 else ""
    )
    told = (
        f"{version} at {flavour.address}, unit {flavour.unit}{_state(machine, flavour)}"
    )
    return Finding(name, True, f"{told}; namespaces: {listed or 'none'}", CONTAINERD)


def _state(machine: Machine, flavour: flavours.Flavour) -> str:
    """Word the state of a containerd's unit, where systemd tells it."""
    if flavour.systemctl == "systemctl":
        with suppress(CheckError):
            state = systemd.unit(machine, f"{flavour.unit}.service").active_state
            return f" ({state})"
    return ""


def _socket(machine: Machine, daemon: str) -> Finding:
    paths, for_what, fix = SOCKETS[daemon]
    for path in paths:
        try:
            stat = machine.stat(path)
        except FileNotFoundError:
            continue
        except CheckError as error:
            return Finding(daemon, False, error.message, for_what, error.remedy)
        return _permission(machine, daemon, path, stat)
    return Finding(daemon, False, f"no socket at {paths[0]}", for_what, fix)


def _permission(machine: Machine, daemon: str, path: str, stat: Stat) -> Finding:
    for_what = SOCKETS[daemon][1]
    owner, group = _names(machine, stat)
    found = f"{path}, readable by {owner} and group {group} ({stat.mode:04o})"
    if machine.name != "local" or os.access(path, os.R_OK | os.W_OK):
        return Finding(daemon, True, found, for_what)
    fix = f"run labrun with sudo, or: sudo usermod -aG {group} $USER"
    if group == "root":
        fix = f"sudo {shutil.which('labrun') or 'labrun'} …"
    return Finding(daemon, False, found, for_what, fix)


def _names(machine: Machine, stat: Stat) -> tuple[str, str]:
    names = []
    for path, number in (("/etc/passwd", stat.uid), ("/etc/group", stat.gid)):
        entries = machine.read(path).decode(errors="replace").splitlines()
        rows = [entry.split(":") for entry in entries]
        found = [row[0] for row in rows if len(row) > 2 and row[2] == str(number)]
        names.append(found[0] if found else str(number))
    return names[0], names[1]


def _runc(machine: Machine) -> Finding:
    for_what = "checks of what runc runs"
    try:
        version = machine.run(["runc", "--version"], timeout=5).stdout.splitlines()[0]
    except (CheckError, IndexError):
        return Finding("runc", False, "not installed", for_what, "apt install runc")
    return Finding("runc", True, version, for_what)


def _host() -> Iterator[Finding]:
    for_what = "lab machines (`labrun machine up`)"
    root = os.geteuid() == 0
    yield Finding(
        "root",
        root,
        "you are root" if root else "you are not root",
        for_what,
        "" if root else f"sudo {Path(sys.argv[0]).absolute()} machine up lab",
    )
    missing = host.missing_tools()
    yield Finding(
        "programs",
        not missing,
        f"missing: {', '.join(missing)}" if missing else "all there",
        for_what,
        host.installing(missing) if missing else "",
    )
    yield _under(for_what)
    yield from _kernel(for_what)
    yield _limits()


def _under(for_what: str) -> Finding:
    able, lacking = [], []
    for name, backend in backends.BACKENDS.items():
        try:
            backend.require()
        except MachineError as error:
            lacking.append(error)
        else:
            able.append(name)
    return Finding(
        "machines run under",
        bool(able),
        "; ".join([*able, *(error.message for error in lacking)]),
        for_what,
        "" if able else ", or ".join(error.remedy for error in lacking),
    )


def _limits() -> Finding:
    missing = limits.lacking(hierarchies.controllers())
    if reason := disk.lacking():
        missing["disk"] = reason
    listed = "; ".join(f"{name}: {why}" for name, why in missing.items())
    return Finding(
        "limits",
        not missing,
        f"not for {listed}" if missing else "memory, processes, cpus and disk",
        "keeping a lab machine from taking all of this host",
        _lifting(missing),
    )


def _lifting(missing: Collection[str]) -> str:
    if "disk" in missing:
        return "apt install e2fsprogs && modprobe loop"
    return "boot a kernel with these controllers" if missing else ""


def _kernel(for_what: str) -> Iterator[Finding]:
    overlay = "overlay" in Path("/proc/filesystems").read_text()
    yield Finding(
        "overlay file system",
        overlay,
        "in this kernel" if overlay else "not in this kernel",
        for_what,
        "" if overlay else "modprobe overlay",
    )
    for name, paths in MACHINE_FEATURES.items():
        ok = all(Path(path).exists() for path in paths)
        found = "in this kernel" if ok else "not in this kernel"
        yield Finding(
            name, ok, found, for_what, "" if ok else "use a Linux 5.10 kernel"
        )
    resolves = rooted.is_supported()
    yield Finding(
        "openat2",
        resolves,
        "in this kernel" if resolves else "not in this kernel",
        "looking inside lab machines safely",
        "" if resolves else "use Linux 5.6 or later",
    )
