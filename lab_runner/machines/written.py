"""What was written on a machine since its image: the upper layer of its overlay."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from lab_runner.machines import state
from lab_runner.machines.nspawn import disk
from lab_runner.machines.state import MachineRecord

INFO = "var/lib/dpkg/info"


def files(name: str) -> Mapping[str, str]:
    """Return the kind of each new file, without those of packages.

    There are none for a machine under Docker, whose layer is not ours to read.
    """
    record = state.load(name)
    if record is None or record.host != "nspawn":
        return {}
    upper = disk.mounted(record) / "upper"
    packaged = set(_packaged(upper))
    return {
        path: kind
        for path, kind in sorted(_walk(upper))
        if path not in packaged and not _was_there(record, path)
    }


def _was_there(record: MachineRecord, path: str) -> bool:
    """Tell whether the image has a path: then the layer has a changed copy of it."""
    return any(os.path.lexists(f"{tree}{path}") for tree in record.trees)


def _walk(upper: Path) -> Iterator[tuple[str, str]]:
    # Links are named and never followed: what they lead to is the learner's to choose.
    for folder, folders, names in os.walk(upper):
        for name in (*folders, *names):
            path = Path(folder, name)
            try:
                mode = path.lstat().st_mode
            except OSError:
                continue
            if kind := _kind(mode, path):
                yield f"/{path.relative_to(upper)}", kind


def _kind(mode: int, path: Path) -> str:
    """Return what a path is; empty for the mark of overlayfs that one is gone."""
    if stat.S_ISDIR(mode):
        return "directory"
    if stat.S_ISLNK(mode):
        return "symlink"
    if stat.S_ISCHR(mode) and path.lstat().st_rdev == 0:
        return ""
    return "file" if stat.S_ISREG(mode) else "special"


def _packaged(upper: Path) -> Iterator[str]:
    """Yield the paths of the packages that were installed, also as they are merged."""
    for each in (upper / INFO).glob("*.list"):
        if each.is_symlink() or not each.is_file():
            continue
        for line in each.read_text(errors="replace").splitlines():
            yield line
            yield f"/usr{line}"
