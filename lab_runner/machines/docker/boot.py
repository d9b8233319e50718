"""Booting a machine's systemd in a container of Docker, and ending it."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from lab_runner.errors import MachineError
from lab_runner.machines import hierarchies, limits, readiness, state
from lab_runner.machines.docker import engine, images, inside
from lab_runner.machines.processes import Process
from lab_runner.machines.progress import Progress
from lab_runner.machines.state import MachineRecord
from lab_runner.model import Limits

# Beyond what Docker gives any container: mounts, the machine's own network, strace(1),
# and reboot(2), which in a process namespace is about that namespace.
CAPABILITIES = ("SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE", "SYS_BOOT")
# What these change is the host's: its kernel, its memory. What systemd, runc and Docker
# call in a machine is more than Docker's own filter lets through.
FORBIDDEN = ("kexec_file_load", "kexec_load", "swapoff", "swapon")
ARCHITECTURES = {
    "SCMP_ARCH_X86_64": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"],
    "SCMP_ARCH_AARCH64": ["SCMP_ARCH_ARM"],
}
# Nested containers cannot put an overlay on the machine's own: these are volumes.
ON_DISK = ("containerd", "docker")
NO_DISK_LIMIT = "Docker keeps it on its own disk, which all of its containers share"


def require() -> None:
    engine.require()


def prepare(trees: Sequence[Path], progress: Progress) -> None:
    """Import the trees into Docker, where it does not have them."""
    images.ensure(trees, progress)


def start(
    record: MachineRecord,
    trees: Sequence[Path],
    etc: Mapping[str, str],
    connect: Callable[[int], None],
    *,
    origin: Path | None = None,
) -> MachineRecord:
    """Boot a machine in a container: see Backend."""
    if origin:
        raise MachineError(
            "a machine under Docker cannot begin with a saved disk",
            f"labrun machine up {record.name} --host nspawn",
        )
    path, log = state.path(record.name), state.path(record.name) / "console.log"
    _share(path, etc)
    options = [*_options(record, path), images.name(trees), *_first(record.name)]
    with (
        readiness.notices(path / "shared/notify") as notices,
        engine.waiting(record.name, options, log) as go,
    ):
        keeper = engine.first_process(record.name)
        unlimited = {**limits.lacking(hierarchies.controllers()), "disk": NO_DISK_LIMIT}
        record = replace(record, keeper=keeper, unlimited=unlimited)
        state.save(record)
        connect(keeper.pid)
        go.write(b"go\n")
        go.flush()
        readiness.wait(notices, keeper, log)
    return record


def end(name: str, record: MachineRecord | None) -> None:
    """Remove a machine's container; where Docker does not answer, it does so later."""
    if record and record.keeper and record.keeper.alive:
        _thaw(record.keeper)
        record.keeper.kill()
    if engine.answers():
        engine.remove(name)


def _share(path: Path, etc: Mapping[str, str]) -> None:
    """Write down what the container is given on its way."""
    (path / "shared/etc").mkdir(parents=True)
    for name, text in {**etc, "machine-id": f"{uuid.uuid4().hex}\n"}.items():
        file = path / "shared/etc" / name
        file.write_text(text)
        file.chmod(0o644)
    filtered = {
        "defaultAction": "SCMP_ACT_ALLOW",
        "archMap": [
            {"architecture": architecture, "subArchitectures": others}
            for architecture, others in ARCHITECTURES.items()
        ],
        "syscalls": [{"names": FORBIDDEN, "action": "SCMP_ACT_ERRNO"}],
    }
    (path / "seccomp.json").write_text(json.dumps(filtered))


def _options(record: MachineRecord, path: Path) -> list[str]:
    return [
        "--rm",
        "--interactive",
        "--sig-proxy=false",
        "--pull=never",
        "--log-driver=none",
        f"--hostname={record.hostname}",
        "--network=none",
        "--cgroupns=private",
        "--userns=host",
        *(f"--cap-add={capability}" for capability in CAPABILITIES),
        f"--security-opt=seccomp={path}/seccomp.json",
        "--security-opt=apparmor=unconfined",
        "--security-opt=label=disable",
        *(["--device=/dev/fuse"] if Path("/dev/fuse").exists() else []),
        f"--mount=type=bind,src={path}/shared,dst={inside.SHARED},readonly",
        *(f"--volume=/var/lib/{each}" for each in ON_DISK),
        *_limits(limits.granted(record.spec.limits)),
    ]


def _limits(granted: Limits) -> Iterator[str]:
    if granted.memory:
        yield f"--memory={granted.memory}"
        # As much swap as memory would be allowed besides.
        yield f"--memory-swap={granted.memory}"
    if granted.processes:
        yield f"--pids-limit={granted.processes}"
    if granted.cpus:
        yield f"--cpus={granted.cpus}"


def _first(name: str) -> list[str]:
    """Return the container's command; its name is what its process is known by."""
    scripts = [inside.ENTER, inside.BOOT]
    return ["sh", "-c", inside.KEEP, engine.container(name), *scripts]


def _thaw(keeper: Process) -> None:
    """Let paused containers die: in version 1 a frozen process does not hear SIGKILL."""
    groups = Path(f"/proc/{keeper.pid}/root/sys/fs/cgroup/freezer/machine")
    for path, _, _ in os.walk(groups):
        with suppress(OSError):
            Path(path, "freezer.state").write_text("THAWED")
