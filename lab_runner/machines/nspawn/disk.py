"""A machine's disk: one sparse file with a file system of its own.

It is mounted where only the machine's keeper sees it, so it goes with the machine. Where
this host has no loop devices the disk is a plain folder, and nothing limits its size.
"""

from __future__ import annotations

from pathlib import Path
from shutil import which

from lab_runner.errors import MachineError
from lab_runner.machines import cgroups, folder, host, locks, state
from lab_runner.machines.nspawn import loops
from lab_runner.machines.signals import deferred
from lab_runner.machines.state import MachineRecord

IMAGE = "disk.img"
MOUNTED = "disk"
# Without a journal, and packed: 216 KiB at first, whatever its size.
FORMAT = [
    *("mkfs.ext4", "-q", "-F", "-b", "4096", "-m", "0"),
    *("-O", "^has_journal,^resize_inode"),
    *("-E", "lazy_itable_init=1,nodiscard,packed_meta_blocks=1"),
]
# Nothing of it is needed after a crash of the host; what is deleted frees the host's disk.
# A disk that was saved may hold anything for /etc, and a mark that its overlay was
# volatile. $1 is the machine's folder.
MOUNT = """
cd "$1" || exit
[ ! -e disk.img ] || mount -o loop,noinit_itable,nobarrier,discard disk.img disk || exit
cd disk && rm -rf work
{ [ -d upper/etc ] && [ ! -L upper/etc ]; } || rm -f upper/etc
mkdir -p upper/etc work containerd docker || exit
[ -s upper/etc/machine-id ] && rm ../etc/machine-id
cp --remove-destination ../etc/* upper/etc
"""
# The machine pauses while this copies, and goes on even if labrun is killed meanwhile.
# Writing $3 to $1 pauses it, $2 lets it go on; $4 then says $5. $6 is the mounted disk.
SAVE = """
trap 'echo "$2" >"$1"' EXIT
echo "$3" >"$1"
timeout 10 sh -c 'until grep -qx "$2" "$1"; do sleep 0.01; done' sh "$4" "$5" || {
  echo "its processes cannot be paused" >&2; exit 1; }
sync --file-system "$6" && cp --archive --reflink=auto "$7" "$8"
"""


def lacking() -> str:
    """Return why no disk can have a size of its own on this host; empty if it can."""
    if not which(FORMAT[0], path=host.environment()["PATH"]):
        return f"there is no `{FORMAT[0]}`"
    return loops.lacking()


def make(path: Path, size: int, origin: Path | None) -> None:
    """Make the disk of the machine whose folder is `path`: empty, or a copy of `origin`.

    An empty one holds `size` bytes; one that was saved before keeps its size.
    """
    if origin:
        to = path / (MOUNTED if origin.is_dir() else IMAGE)
        host.run(["cp", "--archive", "--reflink=auto", str(origin), str(to)])
    elif not lacking():
        host.run([*FORMAT, str(path / IMAGE), f"{size >> 10}k"])
    (path / MOUNTED).mkdir(exist_ok=True)


def mounted(record: MachineRecord) -> Path:
    """Return the disk of a running machine, where only its keeper has it mounted."""
    if not (record.keeper and record.alive):
        raise MachineError(
            f"machine `{record.name}` is not running",
            f"labrun machine up {record.name}",
        )
    return Path(f"/proc/{record.keeper.pid}/root{state.path(record.name)}/{MOUNTED}")


def save(record: MachineRecord, to: Path) -> None:
    """Copy the disk of a running machine to `to`, all of it as it was at one moment."""
    name = record.name
    path, at = state.path(name), mounted(record)
    source = path / IMAGE if (path / IMAGE).exists() else path / MOUNTED
    pausing = cgroups.pausing(cgroups.machine(name))
    argv = ["sh", "-c", SAVE, "save", *pausing, *map(str, (at, source, to))]
    busy = f"machine `{name}` is just being stopped or saved by another labrun"
    try:
        # Interrupted, it would leave a machine that stands still.
        with locks.held(folder.locks() / f"machine-{name}", busy, wait=60), deferred():
            host.run(argv)
    except BaseException:
        folder.remove(to)
        raise


def usage(name: str) -> int:
    """Return the bytes that a machine's disk takes of the host's."""
    path = state.path(name)
    image = path / IMAGE
    if image.exists():
        return image.stat().st_blocks * 512
    said = host.run(["du", "--summarize", "--block-size=1", str(path / MOUNTED)])
    return int(said.split()[0])
