"""Reclaiming space: what was built or downloaded, and no machine uses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lab_runner.machines import checkpoints, folder, host, lifecycle, locks, state
from lab_runner.machines.docker import images
from lab_runner.machines.image import layers
from lab_runner.machines.image.systems import SYSTEMS
from lab_runner.machines.progress import Progress
from lab_runner.machines.signals import raised

Kind = Literal["image", "layer", "download", "checkpoint"]
IMPORTED: tuple[Kind, ...] = ("image", "layer")
LAYER = re.compile(r".*(-[0-9a-f]{12}){2,}")


@dataclass(frozen=True, slots=True)
class Waste:
    """A folder that nothing needs, and the bytes that it takes, with Docker's copy."""

    kind: Kind
    path: Path
    size: int


def prune(progress: Progress, *, everything: bool, dry_run: bool) -> list[Waste]:
    """Remove what no machine uses and none will start from; return what it was.

    With `everything` also what later machines would only have to build again. Nothing
    is removed in a `dry_run`, and never what a labrun at work is just about to use.
    """
    host.require_root()
    folder.prepare()
    busy = "waiting for another labrun that builds or starts machines"
    lock = folder.locks() / "images"
    with raised(), locks.held(lock, busy, wait=locks.FOREVER, waiting=progress):
        lifecycle.sweep()
        found = [_weighed(*each) for each in _unused(everything)]
        for each in () if dry_run else found:
            progress(f"removing {each.kind} {each.path.name}")
            layers.discard(each.path)
            if each.kind in IMPORTED:
                images.discard(each.path.name)
    return found


def _unused(everything: bool) -> Iterator[tuple[Kind, Path]]:
    used = {Path(tree).parent for record in state.records() for tree in record.trees}
    current = tuple(layers.base_key(image) for image in SYSTEMS)
    for path in _inside("images"):
        if path not in used and (everything or not path.name.startswith(current)):
            yield "layer" if LAYER.fullmatch(path.name) else "image", path
    for path in _inside("downloads"):
        if everything or _is_built(path.name) or not path.name.startswith(current):
            yield "download", path
    for path in _inside("checkpoints"):
        kept = checkpoints.find(path.name)
        if everything or not kept or not all(t.startswith(current) for t in kept.trees):
            yield "checkpoint", path


def _inside(name: str) -> list[Path]:
    return sorted((folder.root() / name).glob("[!.]*"))


def _is_built(key: str) -> bool:
    return (folder.root() / "images" / key).exists()


def _weighed(kind: Kind, path: Path) -> Waste:
    options = ["--summarize", "--block-size=1", "--one-file-system"]
    on_disk = int(host.run(["du", *options, str(path)]).split()[0])
    in_docker = images.size(path.name) if kind in IMPORTED else 0
    return Waste(kind, path, on_disk + in_docker)
