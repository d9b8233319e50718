"""The images of Docker that machines start from: each a stack of trees in one layer.

They are named after the topmost tree, whose name tells all that is in the stack: all
folders of machines share them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lab_runner.machines import folder, host, locks
from lab_runner.machines.docker import engine
from lab_runner.machines.image.build import SEALED
from lab_runner.machines.progress import Progress

REPOSITORY = "labrun"
LABEL = "labrun.image"
# $1 name of the image, $2 the topmost tree, $3 all trees as an overlay has them, empty
# where there is only one. An image has its name once it is whole.
IMPORT = f"""
[ -z "$3" ] || mount -t overlay overlay -o "lowerdir=$3" "$2"
image=$(tar --create --directory="$2" --numeric-owner --xattrs --xattrs-include='*' . |
  docker import --change "LABEL {LABEL}=1" -)
docker tag "$image" "$1"
"""


def name(trees: Sequence[Path]) -> str:
    """Return the name of the image of these trees, topmost first."""
    return _name(trees[0].parent.name)


def ensure(trees: Sequence[Path], progress: Progress) -> None:
    """Import the trees into Docker, where it does not have them."""
    image = name(trees)
    busy = "waiting for another labrun that imports the same into Docker"
    lock = folder.locks() / f"docker-{trees[0].parent.name}"
    with locks.held(lock, busy, wait=locks.FOREVER, waiting=progress):
        if not engine.has_image(image):
            progress(f"{image}: importing into Docker, which happens once")
            _import(image, trees)


def size(key: str) -> int:
    """Return the bytes that Docker has of what was built as `key`."""
    there = engine.answers() and engine.has_image(_name(key))
    template = "--format={{.Size}}"
    return int(engine.run("image", "inspect", template, _name(key))) if there else 0


def discard(key: str) -> None:
    """Remove what Docker has of `key`, unless a machine of another folder uses it."""
    if engine.answers():
        host.succeeds(["docker", "image", "rm", _name(key)])


def _name(key: str) -> str:
    return f"{REPOSITORY}:{key}"


def _import(image: str, trees: Sequence[Path]) -> None:
    # What an interrupted import has left has no name.
    engine.run("image", "prune", "--force", "--filter", f"label={LABEL}")
    overlay = ":".join(map(str, trees)) if len(trees) > 1 else ""
    script = ["bash", "-euo", "pipefail", "-c", IMPORT, "import"]
    host.run([*SEALED, *script, image, str(trees[0]), overlay])
