"""Reading files, whatever lies in the way: a FIFO, a device, an endless file.

Every path is first opened with O_PATH, which touches nothing, and only a regular file
is then opened for reading. `opener` decides how a path resolves: `os.open` on this
machine, `rooted.opener` inside another root.
"""

from __future__ import annotations

import os
import stat as st
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import FileIO

from checks.errors import CheckError, NotPermitted

Opener = Callable[[str, int], int]
PAGE = 4096

TYPES = {
    st.S_IFREG: "file",
    st.S_IFDIR: "directory",
    st.S_IFLNK: "symlink",
    st.S_IFSOCK: "socket",
    st.S_IFIFO: "fifo",
    st.S_IFBLK: "block",
    st.S_IFCHR: "character",
}


@dataclass(frozen=True, slots=True)
class Stat:
    """A path's inode: `type` is a word of TYPES, `mode` the twelve permission bits."""

    type: str
    mode: int
    uid: int
    gid: int
    size: int
    target: str = ""


class HeldSocket:
    """A unix socket pinned by its inode, dialled through /proc/self/fd."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @property
    def path(self) -> str:
        return f"/proc/self/fd/{self._descriptor}"

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def read(opener: Opener, path: str, limit: int) -> bytes:
    with _held(opener, path, 0) as descriptor:
        found = _describe(descriptor)
        if found.type != "file":
            raise CheckError(f"`{path}` is a {found.type}, not a file that can be read")
        with permission(path):
            reading = os.open(f"/proc/self/fd/{descriptor}", os.O_RDONLY | os.O_CLOEXEC)
    with FileIO(reading) as file, permission(path):
        data = _drain(file, max(found.size, PAGE), limit)
    if len(data) > limit:
        raise CheckError(f"`{path}` is larger than {limit} bytes, too large to read")
    return data


def stat(opener: Opener, path: str, *, follow: bool) -> Stat:
    with _held(opener, path, 0 if follow else os.O_NOFOLLOW) as descriptor:
        return _describe(descriptor)


def names(opener: Opener, path: str) -> list[str]:
    with _held(opener, path, os.O_DIRECTORY) as descriptor, permission(path):
        return os.listdir(f"/proc/self/fd/{descriptor}")


def hold_socket(opener: Opener, path: str) -> HeldSocket:
    with permission(path):
        descriptor = opener(path, os.O_PATH | os.O_CLOEXEC)
    kind = _describe(descriptor).type
    if kind != "socket":
        os.close(descriptor)
        raise CheckError(f"`{path}` is a {kind}, not a socket")
    return HeldSocket(descriptor)


def _drain(file: FileIO, chunk: int, limit: int) -> bytes:
    """Read to the end or just past `limit`; files of /proc claim to be empty."""
    data = bytearray()
    while len(data) <= limit and (part := file.read(min(chunk, limit) + 1)):
        data += part
    return bytes(data)


@contextmanager
def _held(opener: Opener, path: str, flags: int) -> Iterator[int]:
    with permission(path):
        descriptor = opener(path, os.O_PATH | os.O_CLOEXEC | flags)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def permission(path: str) -> Iterator[None]:
    """Turn an OSError about a path into FileNotFoundError or a CheckError."""
    try:
        yield
    except FileNotFoundError:
        raise
    except PermissionError:
        raise NotPermitted(f"`{path}` may not be read", "run with `sudo`") from None
    except (NotADirectoryError, ProcessLookupError) as error:
        raise FileNotFoundError(error.errno, error.strerror, path) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CheckError(f"`{path}` cannot be read: {reason}") from None


def _describe(descriptor: int) -> Stat:
    found = os.fstat(descriptor)
    kind = TYPES.get(st.S_IFMT(found.st_mode), "unknown")
    target = os.readlink("", dir_fd=descriptor) if kind == "symlink" else ""
    return Stat(
        kind,
        st.S_IMODE(found.st_mode),
        found.st_uid,
        found.st_gid,
        found.st_size,
        target,
    )
