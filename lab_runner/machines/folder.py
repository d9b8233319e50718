"""Where lab machines live on this host: one folder, open to root alone."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from lab_runner.errors import MachineError
from lab_runner.machines import host

DEFAULT = "/var/lib/labrun"
# Overlay mounts refuse these for their upper directory, or lose what is written there.
UNFIT = ("overlayfs", "tmpfs", "ramfs", "nfs", "smb", "smb2", "cifs", "v9fs", "msdos")
OTHER = "LABRUN_MACHINE_DIR=/another/folder labrun machine up"


def root() -> Path:
    """Return the folder of all machines and images (`LABRUN_MACHINE_DIR`)."""
    # One folder has one name, however it is spelled: its network is named after it.
    return Path(os.environ.get("LABRUN_MACHINE_DIR") or DEFAULT).resolve()


def tag() -> str:
    """Name this folder in what all folders share: bridges, rules, control groups."""
    return "labrun-" + hashlib.sha256(bytes(root())).hexdigest()[:4]


def prepare() -> Path:
    """Make the folder where it is missing; raises MachineError where it cannot be."""
    path = root()
    if set(":,\\") & set(str(path)):
        raise MachineError(
            f"`{path}` cannot hold machines: mount(8) has a meaning for `:`, `,` and `\\`",
            OTHER,
        )
    try:
        for each in (path, path / "images", path / "machines"):
            # Closed to others, because the trees inside hold set-user-ID programs.
            each.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise MachineError(
            f"`{path}` cannot be made: {error.strerror}",
            OTHER,
        ) from None
    kind = host.run(["stat", "--file-system", "--format=%T", str(path)]).strip()
    if kind in UNFIT:
        raise MachineError(
            f"`{path}` is on {kind}, and lab machines need a disk of this host "
            "(ext4, xfs or btrfs)",
            OTHER,
        )
    return path


def locks() -> Path:
    return root() / "locks"


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    aside = path.with_name(f".{path.name}.new")
    aside.write_text(text)
    aside.replace(path)


def remove(path: Path) -> None:
    """Remove a tree, whatever a learner made of it, and nothing mounted inside."""
    if not path.exists():
        return
    argv = ["rm", "--recursive", "--force", "--one-file-system", str(path)]
    if not host.succeeds(argv):
        # Immutable files are as good as any lesson.
        host.succeeds(["chattr", "-R", "-f", "-i", "-a", str(path)])
        host.run(argv)
