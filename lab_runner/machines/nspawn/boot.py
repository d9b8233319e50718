"""Booting a machine's systemd under systemd-nspawn, and ending it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from lab_runner.machines import (
    cgroups,
    folder,
    hierarchies,
    host,
    limits,
    readiness,
    state,
)
from lab_runner.machines.launch import Launch
from lab_runner.machines.nspawn import disk, loops
from lab_runner.machines.progress import Progress
from lab_runner.machines.state import MachineRecord
from lab_runner.model import Limits

TOOLS = {"systemd-nspawn": "systemd-container"}
# runc wants a session keyring, and bpf(2) for devices on control groups version 2.
ALLOWED = "@keyring bpf"
# What these change is the host's: its clock, its kernel, its memory.
FORBIDDEN = "~@clock @module @raw-io @swap kexec_file_load kexec_load"
SETTINGS = {
    # The network is the machine's own, and so are its settings in /proc/sys/net.
    "SYSTEMD_NSPAWN_API_VFS_WRITABLE": "network",
    # On the disk, as on a server: what fills memory ends the machine.
    "SYSTEMD_NSPAWN_TMPFS_TMP": "0",
}
# Nested containers cannot put an overlay on the machine's own: these are real folders.
ON_DISK = ("containerd", "docker")
# In a mount namespace of its own: all of this is gone with the machine. Of what the
# machine says on its console the beginning is kept, and it is kept before this ends.
# nspawn keeps notes below /run that it leaves behind when it is killed, and ends with 133
# when the machine wants to reboot. $1 is the machine's folder, $2 the overlay, then comes
# what boots.
KEEP = """
umask 022
mkfifo "$1/console" "$1/kept" || exit
({ stdbuf -o0 head -c 1M; exec cat >/dev/null; } \
  <"$1/console" >>"$1/console.log" 2>"$1/kept" &)
exec >"$1/console" 2>&1 3<"$1/kept"
mkdir -p /run/systemd/nspawn && mount -t tmpfs tmpfs /run/systemd/nspawn &&
(%s) && mount -t overlay overlay -o "$2" "$1/merged" && shift 2 &&
while "$@"; [ $? -eq 133 ]; do sleep 1; done
exec >/dev/null 2>&1
read -r _ <&3
"""


def require() -> None:
    host.require_tools(TOOLS)


def prepare(trees: Sequence[Path], progress: Progress) -> None:
    """Machines start from the trees themselves."""


def start(
    record: MachineRecord,
    trees: Sequence[Path],
    etc: Mapping[str, str],
    connect: Callable[[int], None],
    *,
    origin: Path | None = None,
) -> MachineRecord:
    """Boot a machine under systemd-nspawn: see Backend."""
    granted = limits.granted(record.spec.limits)
    disk.make(state.path(record.name), granted.disk or 0, origin)
    _write_etc(record, etc)
    launch = _prepare(record, trees, granted)
    record = replace(record, keeper=launch.process)
    state.save(record)
    connect(launch.process.pid)
    _run(record, launch)
    return replace(record, unlimited=_unlimited(record.name, granted))


def end(name: str, record: MachineRecord | None) -> None:
    """Kill whatever runs of a machine; all that it was is thrown away anyway."""
    left = loops.of(cgroups.members(cgroups.machine(name)))
    if record and (leader := record.leader):
        # nspawn notices the end of its PID 1 and leaves in good order.
        leader.kill()
        cgroups.thaw(cgroups.machine(name))
        leader.ended()
    cgroups.end(_keeper(name))
    cgroups.end(cgroups.machine(name))
    loops.detach(left)
    loops.wait_for_release(state.path(name) / disk.IMAGE)


def _write_etc(record: MachineRecord, etc: Mapping[str, str]) -> None:
    path = state.path(record.name) / "etc"
    path.mkdir()
    for name, text in {**etc, "machine-id": f"{uuid.uuid4().hex}\n"}.items():
        (path / name).write_text(text)
        (path / name).chmod(0o644)


def _prepare(record: MachineRecord, trees: Sequence[Path], granted: Limits) -> Launch:
    """Have systemd-nspawn wait for its start in namespaces of its own."""
    path = state.path(record.name)
    (path / "merged").mkdir()
    unit = cgroups.machine(record.name)
    nspawn = [*cgroups.entering(unit, granted), *_nspawn(record, path, granted)]
    return Launch(
        [
            "sh",
            "-c",
            KEEP % disk.MOUNT,
            "keep",
            str(path),
            _overlay(path, trees),
            *nspawn,
        ],
        _keeper(record.name),
        path / "console.log",
        within=["unshare", "--mount", "--net", "--propagation=slave"],
        env={"NOTIFY_SOCKET": str(path / "notify"), **SETTINGS},
    )


def _run(record: MachineRecord, prepared: Launch) -> None:
    path = state.path(record.name)
    with readiness.notices(path / "notify") as notices:
        prepared.begin()
        readiness.wait(notices, prepared.process, path / "console.log")


def _unlimited(name: str, granted: Limits) -> dict[str, str]:
    groups = cgroups.groups(cgroups.machine(name))
    found = limits.unheld(granted, groups, hierarchies.controllers())
    if not (state.path(name) / disk.IMAGE).exists():
        found["disk"] = disk.lacking() or "it was saved where there was no limit"
    return found


def _keeper(name: str) -> str:
    """Name the group of what boots the machine, and again when it reboots.

    Not the machine's: in version 2 a group with groups below has no processes itself.
    """
    return f"keeper-{name}"


def _overlay(path: Path, trees: Sequence[Path]) -> str:
    lower = ":".join(str(layer) for layer in trees)
    own = path / disk.MOUNTED
    where = f"lowerdir={lower},upperdir={own}/upper,workdir={own}/work"
    # After a crash nothing of it is mounted again: nothing needs to reach it in time.
    # All files have the number of the overlay's own file system: see loops.
    return f"{where},volatile,xino=on"


def _nspawn(record: MachineRecord, path: Path, granted: Limits) -> list[str]:
    return [
        "systemd-nspawn",
        "--quiet",
        "--register=no",
        "--keep-unit",
        f"--directory={path}/merged",
        f"--machine={folder.tag()}-{record.name}",
        f"--hostname={record.hostname}",
        "--capability=all",
        f"--system-call-filter={ALLOWED}",
        f"--system-call-filter={FORBIDDEN}",
        "--network-namespace-path=/proc/self/ns/net",
        *(["--bind=/dev/fuse"] if Path("/dev/fuse").exists() else []),
        *(f"--bind={path}/{disk.MOUNTED}/{each}:/var/lib/{each}" for each in ON_DISK),
        # Half of its memory: nspawn measures by the memory of the host.
        f"--tmpfs=/dev/shm:mode=1777,size={(granted.memory or 0) // 2}",
        "--resolv-conf=off",
        "--timezone=off",
        "--link-journal=no",
        "--notify-ready=yes",
        "--boot",
    ]
