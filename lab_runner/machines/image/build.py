"""Building trees with mmdebstrap and apt.

What builds dies with labrun, whatever ends labrun: it runs in a process namespace that
the kernel kills with it, and its mounts are in a mount namespace of its own.
"""

from __future__ import annotations

import io
import shlex
import shutil
import tarfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from lab_runner.errors import MachineError
from lab_runner.machines import folder, host
from lab_runner.machines.image import systems
from lab_runner.machines.image.systems import Recipe
from lab_runner.machines.network import addresses
from lab_runner.machines.progress import Progress, Reporter
from lab_runner.model import MachineFile

SEALED = ["setpriv", "--pdeathsig=KILL", "unshare", "--mount", "--pid", "--fork"]
SEALED += ["--kill-child"]
ARCHIVES = "var/cache/apt/archives"
REPEAT = (
    "check the names of packages, the way to their servers and the room on the disk,"
    " then repeat: nothing is downloaded twice"
)
ELSEWHERE = "write the files of the machine to places where there can be files"
# $1 tree, $2 folder that keeps what apt downloads, $3 script.
IN_TREE = f"""
mount --bind "$2" "$1/{ARCHIVES}"
mount -t proc proc "$1/proc"
rm -f "$1/etc/resolv.conf"
printf '%s' "$RESOLV_CONF" >"$1/etc/resolv.conf"
exec chroot "$1" sh -euc "$3"
"""
# $1 options of the overlay, $2 where it is mounted, $3 those of the overlay of what apt
# downloads, $4 script, then its arguments.
INSTALL = f"""
mount -t overlay overlay -o "$1" "$2"
mount -t overlay overlay -o "$3" "$2/{ARCHIVES}"
mount -t proc proc "$2/proc"
tree=$2 script=$4
shift 4
exec chroot "$tree" sh -euc "$script" sh "$@"
"""
# $1 and $2 as above, $3 an archive. What symlinks of the image lead to is inside it.
UNPACK = """
mount -t overlay overlay -o "$1" "$2"
umask 022
exec chroot "$2" tar --extract --preserve-permissions <"$3"
"""


def base(
    tree: Path, recipe: Recipe, keyring: Path, name: str, progress: Progress
) -> None:
    """Make the tree of a system; after an interruption nothing is downloaded twice."""
    reporter = Reporter(name, progress)
    _run(_mmdebstrap(tree, recipe, keyring, _downloads(tree, "base")), reporter)
    for path, text in recipe.files.items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_text(text)
    offered = _downloads(tree, "offered")
    script = ["sh", "-euc", IN_TREE, "sh", str(tree), str(offered), recipe.configure]
    _run(script, reporter, _resolving())
    for package in offered.glob("*.deb"):
        shutil.copy(package, tree / ARCHIVES)
    folder.remove(offered.parent)


def install(
    tree: Path, below: Sequence[Path], packages: Sequence[str], progress: Progress
) -> None:
    """Install packages above trees, topmost first; as above, nothing comes twice."""
    downloads, scratch = _downloads(tree, "packages"), _downloads(tree, "scratch")
    offered = [each / ARCHIVES for each in below if (each / ARCHIVES).is_dir()]
    archives = _options(offered, downloads, scratch)
    arguments = [INSTALL, archives, systems.INSTALL, *packages]
    reporter = Reporter(" ".join(packages), progress)
    _above(below, tree, arguments, reporter, env=_resolving())
    folder.remove(downloads.parent)


def write(
    tree: Path, below: Sequence[Path], files: Sequence[MachineFile], progress: Progress
) -> None:
    """Write files above trees, topmost first; their folders are made where missing."""
    archive = tree.with_name("files.tar")
    with tarfile.open(archive, "w") as opened:
        for file in files:
            content = file.content.encode()
            entry = tarfile.TarInfo(file.path.lstrip("/"))
            entry.size, entry.mode, entry.mtime = len(content), file.mode, time.time()
            opened.addfile(entry, io.BytesIO(content))
    reporter = Reporter("files", progress)
    _above(below, tree, [UNPACK, str(archive)], reporter, remedy=ELSEWHERE)
    archive.unlink()


def _above(
    below: Sequence[Path],
    tree: Path,
    arguments: Sequence[str],
    reporter: Reporter,
    *,
    env: Mapping[str, str] | None = None,
    remedy: str = REPEAT,
) -> None:
    """Run a script with an overlay that writes to `tree`."""
    work, merged = tree.with_name("work"), tree.with_name("merged")
    work.mkdir()
    merged.mkdir()
    script, *rest = arguments
    overlay = [_options(below, tree, work), str(merged)]
    _run(["sh", "-euc", script, "sh", *overlay, *rest], reporter, env, remedy)
    folder.remove(work)
    folder.remove(merged)


def _options(lower: Sequence[Path], upper: Path, work: Path) -> str:
    return f"lowerdir={':'.join(map(str, lower))},upperdir={upper},workdir={work}"


def _run(
    argv: Sequence[str],
    reporter: Reporter,
    env: Mapping[str, str] | None = None,
    remedy: str = REPEAT,
) -> None:
    quiet = {"DEBIAN_FRONTEND": "noninteractive", **(env or {})}
    if host.watch([*SEALED, *argv], reporter, quiet) != 0:
        raise MachineError(
            f"`{reporter.what}` cannot be built: {reporter.reason}", remedy
        )


def _resolving() -> dict[str, str]:
    return {"RESOLV_CONF": addresses.resolv_conf()}


def _mmdebstrap(
    tree: Path, recipe: Recipe, keyring: Path, downloads: Path
) -> list[str]:
    archives = f'"$1/{ARCHIVES}"'
    keep = (
        f"mkdir -p {archives} && mount --bind {shlex.quote(str(downloads))} {archives}"
    )
    return [
        "mmdebstrap",
        "--mode=root",
        "--format=directory",
        "--variant=minbase",
        "--skip=essential/unlink",
        "--skip=cleanup/apt",
        "--dpkgopt=force-unsafe-io",
        f"--keyring={keyring}",
        f"--include={recipe.packages}",
        f"--setup-hook={keep}",
        recipe.suite,
        str(tree),
        *recipe.sources,
    ]


def _downloads(tree: Path, name: str) -> Path:
    """Return the folder that keeps what apt downloads, whatever becomes of the tree."""
    path = folder.root() / "downloads" / tree.parent.name.lstrip(".") / name
    (path / "partial").mkdir(parents=True, exist_ok=True)
    return path
