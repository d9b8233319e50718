"""Paths inside another root, resolved by the kernel: openat2(2), RESOLVE_IN_ROOT.

An absolute symlink planted inside a machine would resolve against the caller's root if
its path were simply prefixed with /proc/PID/root; with RESOLVE_IN_ROOT it cannot leave.
"""

from __future__ import annotations

import ctypes
import errno
import os

from checks.doors.files import Opener
from checks.errors import CheckError

# <linux/openat2.h>; the system call has this number on every architecture.
OPENAT2 = 437
RESOLVE_IN_ROOT = 0x10
RETRIES = 16

_libc = ctypes.CDLL(None, use_errno=True)


class _OpenHow(ctypes.Structure):
    _fields_ = (
        ("flags", ctypes.c_uint64),
        ("mode", ctypes.c_uint64),
        ("resolve", ctypes.c_uint64),
    )


def opener(root: int) -> Opener:
    """Return an opener whose paths all resolve below the directory descriptor."""

    def open_in_root(path: str, flags: int) -> int:
        return _openat2(root, path, flags | os.O_CLOEXEC)

    return open_in_root


def is_supported() -> bool:
    """Tell whether this kernel resolves paths inside another root."""
    root = os.open("/", os.O_PATH | os.O_CLOEXEC)
    try:
        os.close(_openat2(root, "/", os.O_PATH))
    except (CheckError, OSError):
        return False
    finally:
        os.close(root)
    return True


def _openat2(root: int, path: str, flags: int) -> int:
    how = _OpenHow(flags, 0, RESOLVE_IN_ROOT)
    encoded = os.fsencode(path)
    if b"\0" in encoded:
        raise ValueError("a path cannot hold a null byte")
    for _ in range(RETRIES):
        descriptor: int = _libc.syscall(
            OPENAT2, root, encoded, ctypes.byref(how), ctypes.sizeof(how)
        )
        if descriptor >= 0:
            return descriptor
        # EAGAIN: something on the path was renamed while `..` was resolved.
        if ctypes.get_errno() != errno.EAGAIN:
            break
    code = ctypes.get_errno()
    if code == errno.ENOSYS:
        raise CheckError("this kernel has no openat2(2)", "use Linux 5.6 or later")
    raise OSError(code, os.strerror(code), path)
