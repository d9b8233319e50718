"""Loop devices: that of a machine's disk, and those that were set up inside the machine.

A device is the kernel's, of all machines and the host: one that was set up inside would
outlive its machine, and keep the machine's disk with it.
"""

from __future__ import annotations

import fcntl
import os
import struct
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from lab_runner.machines import folder

# <linux/loop.h>
LOOP_CTL_GET_FREE = 0x4C82
LOOP_CLR_FD = 0x4C01
LOOP_GET_STATUS64 = 0x4C05
STATUS_SIZE = 232
CONTROL = Path("/dev/loop-control")
PATIENCE = 5.0
PAUSE = 0.005


def lacking() -> str:
    """Return why this host has no loop devices to give; empty if it has."""
    try:
        with CONTROL.open("rb") as control:
            device = Path(f"/dev/loop{fcntl.ioctl(control, LOOP_CTL_GET_FREE)}")
    except OSError as error:
        return f"`{CONTROL}`: {error.strerror}"
    return "" if device.exists() else f"there is no `{device}`"


def of(pids: Iterable[int]) -> list[Path]:
    """Return the devices over files of file systems that only these processes see."""
    bound = [d for d, file in _bound() if not file.startswith(f"{folder.root()}/")]
    if not bound:
        return []
    theirs = {each for pid in pids for each in _file_systems(pid)}
    theirs -= _file_systems(os.getpid())
    return [device for device in bound if _file_system_below(device) in theirs]


def detach(devices: Iterable[Path]) -> None:
    """Detach devices, now or as soon as nothing uses them."""
    for path in devices:
        with suppress(OSError), path.open("rb") as device:
            fcntl.ioctl(device, LOOP_CLR_FD)


def wait_for_release(file: Path) -> None:
    """Wait until no device has the file, which ends a moment after its last mount."""
    deadline = time.monotonic() + PATIENCE
    while any(each == str(file) for _, each in _bound()):
        if time.monotonic() >= deadline:
            break
        time.sleep(PAUSE)


def _bound() -> list[tuple[Path, str]]:
    found = []
    for path in Path("/sys/block").glob("loop*/loop/backing_file"):
        with suppress(OSError):  # it has just been released
            found.append((Path("/dev") / path.parts[3], path.read_text().strip()))
    return found


def _file_system_below(device: Path) -> str:
    """Return the file system of the file of a device, as mountinfo numbers it."""
    with suppress(OSError), device.open("rb") as opened:
        status = fcntl.ioctl(opened, LOOP_GET_STATUS64, bytes(STATUS_SIZE))
        (number,) = struct.unpack_from("=Q", status)
        return f"{os.major(number)}:{os.minor(number)}"
    return ""


def _file_systems(pid: int) -> set[str]:
    try:
        lines = Path(f"/proc/{pid}/mountinfo").read_text().splitlines()
    except OSError:  # it has just ended
        return set()
    return {line.split()[2] for line in lines}
