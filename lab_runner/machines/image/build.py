"""Building trees with mmdebstrap and apt.

What builds dies with labrun, whatever ends labrun: it runs in a process namespace that
the kernel kills with it, and its mounts are in a mount namespace of its own.
"""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from lab_runner.errors import MachineError
from lab_runner.machines import folder, host
from lab_runner.machines.image import debian
from lab_runner.machines.image.debian import Recipe
from lab_runner.machines.network import addresses
from lab_runner.machines.progress import Progress, Reporter

SEALED = ["setpriv", "--pdeathsig=KILL", "unshare", "--mount", "--pid", "--fork"]
SEALED += ["--kill-child"]
ARCHIVES = "var/cache/apt/archives"
# $1 tree, $2 folder that keeps what apt downloads, $3 script.
IN_TREE = f"""
mount --bind "$2" "$1/{ARCHIVES}"
mount -t proc proc "$1/proc"
exec chroot "$1" sh -euc "$3"
"""
# $1 options of the overlay, $2 where it is mounted, $3 script, then its arguments.
IN_OVERLAY = """
mount -t overlay overlay -o "$1" "$2"
mount -t proc proc "$2/proc"
shift; tree=$1; shift; script=$1; shift
exec chroot "$tree" sh -euc "$script" sh "$@"
"""


def base(tree: Path, recipe: Recipe, name: str, progress: Progress) -> None:
    """Make the tree of a base image; after an interruption nothing is downloaded twice."""
    reporter = Reporter(name, progress)
    _run(_mmdebstrap(tree, recipe, _downloads(tree, "base")), reporter)
    for path, text in recipe.files.items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_text(text)
    offered = _downloads(tree, "offered")
    script = ["sh", "-euc", IN_TREE, "sh", str(tree), str(offered), recipe.configure]
    _run(script, reporter)
    for package in offered.glob("*.deb"):
        shutil.copy(package, tree / ARCHIVES)
    folder.remove(offered.parent)


def layer(tree: Path, below: Path, packages: Sequence[str], progress: Progress) -> None:
    """Install packages above the tree `below`."""
    work, merged = tree.with_name("work"), tree.with_name("merged")
    work.mkdir()
    merged.mkdir()
    overlay = [f"lowerdir={below},upperdir={tree},workdir={work}", str(merged)]
    _run(
        ["sh", "-euc", IN_OVERLAY, "sh", *overlay, debian.INSTALL, *packages],
        Reporter(" ".join(packages), progress),
        {"RESOLV_CONF": addresses.resolv_conf()},
    )
    folder.remove(work)
    folder.remove(merged)


def _run(
    argv: Sequence[str], reporter: Reporter, env: Mapping[str, str] | None = None
) -> None:
    quiet = {"DEBIAN_FRONTEND": "noninteractive", **(env or {})}
    if host.watch([*SEALED, *argv], reporter, quiet) != 0:
        raise MachineError(
            f"`{reporter.what}` cannot be built: {reporter.reason}",
            "check the names of packages and the way to Debian's servers, then repeat:"
            " nothing is downloaded twice",
        )


def _mmdebstrap(tree: Path, recipe: Recipe, downloads: Path) -> list[str]:
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
