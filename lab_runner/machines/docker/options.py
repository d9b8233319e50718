"""What the container of a machine is given and may do: the options of docker run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lab_runner.machines import limits
from lab_runner.machines.docker import engine, inside
from lab_runner.machines.state import MachineRecord
from lab_runner.model import Limits

# Beyond what Docker gives any container: mounts, the machine's own network, strace(1),
# and reboot(2), which in a process namespace is about that namespace.
CAPABILITIES = ("SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE", "SYS_BOOT")
# What systemd, runc and Docker call in a machine is more than Docker's own filter lets
# through. What is forbidden here changes the host's kernel and its memory.
FILTER = {
    "defaultAction": "SCMP_ACT_ALLOW",
    "archMap": [
        {
            "architecture": "SCMP_ARCH_X86_64",
            "subArchitectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"],
        },
        {
            "architecture": "SCMP_ARCH_AARCH64",
            "subArchitectures": ["SCMP_ARCH_ARM"],
        },
    ],
    "syscalls": [
        {
            "names": ["kexec_file_load", "kexec_load", "swapoff", "swapon"],
            "action": "SCMP_ACT_ERRNO",
        }
    ],
}
# In the folder of a machine: FILTER, and what the machine sees as inside.SHARED.
SECCOMP, SHARED = "seccomp.json", "shared"
# Nested containers cannot put an overlay on the machine's own: these are real folders.
ON_DISK = ("containerd", "docker")
ALONE = (
    "--rm",
    "--interactive",
    "--sig-proxy=false",
    "--pull=never",
    "--log-driver=none",
    "--network=none",
    "--cgroupns=private",
    "--userns=host",
    "--security-opt=apparmor=unconfined",
    "--security-opt=label=disable",
)


def of(record: MachineRecord, path: Path) -> list[str]:
    """Return the options for a machine whose folder is `path`, with all that it shares."""
    return [
        *ALONE,
        *(f"--label={label}" for label in engine.labels(record.name)),
        f"--hostname={record.hostname}",
        *(f"--cap-add={capability}" for capability in CAPABILITIES),
        f"--security-opt=seccomp={path}/{SECCOMP}",
        *(["--device=/dev/fuse"] if Path("/dev/fuse").exists() else []),
        f"--mount=type=bind,src={path}/{SHARED},dst={inside.SHARED},readonly",
        *(f"--mount=type=bind,src={path}/{on},dst=/var/lib/{on}" for on in ON_DISK),
        *_limits(limits.granted(record.spec.limits)),
    ]


def _limits(granted: Limits) -> Iterator[str]:
    if granted.memory:
        yield f"--memory={granted.memory}"
        # Of memory and swap together: there is no swap for it.
        yield f"--memory-swap={granted.memory}"
        yield f"--shm-size={granted.memory // 2}"
    if granted.processes:
        yield f"--pids-limit={granted.processes}"
    if granted.cpus:
        yield f"--cpus={granted.cpus}"
