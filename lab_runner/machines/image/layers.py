"""The trees that machines start from: built once for what they contain, then shared.

A system is a tree; packages are a layer above it, and files one above these. Each is
built aside and renamed, so what has its name is whole.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Protocol

from lab_runner.errors import UsageError
from lab_runner.machines import folder, host, locks
from lab_runner.machines.image import build, keyrings, systems
from lab_runner.machines.image.systems import SYSTEMS, Recipe
from lab_runner.machines.mirror import certificates, mirror
from lab_runner.machines.progress import Progress
from lab_runner.machines.signals import deferred
from lab_runner.model import MachineSpec

PACKAGE = re.compile(r"[a-z0-9][a-z0-9.+-]+")
DIGITS = 12


class Make(Protocol):
    """Fills the tree of an image or a layer."""

    def __call__(self, tree: Path, /, *, progress: Progress) -> None: ...


def ensure(spec: MachineSpec, progress: Progress) -> list[Path]:
    """Return the trees of this specification, topmost first, built where missing.

    Its image must be a system: a definition has been traced back to one before.
    """
    packages = _packages(spec)
    files = [(file.path, file.content, file.mode) for file in spec.files]
    folder.prepare()
    key = base_key(spec.image)
    make: Make = partial(_make_base, image=spec.image)
    trees = [_built(key, make, progress)]
    if packages:
        key = f"{key}-{_digest(packages)}"
        make = partial(build.install, below=tuple(trees), packages=packages)
        trees.insert(0, _built(key, make, progress))
    if spec.files:
        key = f"{key}-{_digest(files)}"
        make = partial(build.write, below=tuple(trees), files=spec.files)
        trees.insert(0, _built(key, make, progress))
    return trees


def base_key(image: str) -> str:
    """Return the name of a system's tree; those of layers above it begin with it."""
    return f"{image}-{_digest(dataclasses.asdict(_recipe(image)))}"


@contextmanager
def kept(progress: Progress) -> Iterator[None]:
    """Keep what was built from being pruned until a machine's record names it."""
    busy = "waiting for another labrun that prunes"
    lock = folder.locks() / "images"
    with locks.held(lock, busy, wait=locks.FOREVER, waiting=progress, shared=True):
        yield


def sweep() -> None:
    """Remove what a labrun that was killed has left of a build."""
    for aside in _images().glob(".*"):
        with (
            suppress(locks.Busy),
            locks.held(folder.locks() / aside.name[1:], "is built"),
        ):
            folder.remove(aside)


def discard(path: Path) -> None:
    """Remove a folder that was built; what is cut off half-way, sweep() finishes."""
    aside = _images() / f".{path.name}"
    folder.remove(aside)
    path.rename(aside)
    folder.remove(aside)


def _built(key: str, make: Make, progress: Progress) -> Path:
    made, aside = _images() / key, _images() / f".{key}"
    if not made.exists():
        busy = "waiting for another labrun that builds the same"
        lock = folder.locks() / key
        with locks.held(lock, busy, wait=locks.FOREVER, waiting=progress):
            if not made.exists():
                _make_aside(aside, make, progress)
                aside.rename(made)
    return made / "tree"


def _make_aside(aside: Path, make: Make, progress: Progress) -> None:
    folder.remove(aside)
    try:
        (aside / "tree").mkdir(parents=True)
        make(aside / "tree", progress=progress)
        host.run(["sync", "--file-system", str(aside)])
    except BaseException:
        with deferred():
            folder.remove(aside)
        raise


def _make_base(tree: Path, image: str, progress: Progress) -> None:
    keyring = keyrings.ensure(SYSTEMS[image].distribution)
    build.base(tree, _recipe(image), keyring, image, progress)
    # What the mirror always has is made of the usual system where that was built.
    if image == MachineSpec().image or not (folder.root() / "seed").exists():
        mirror.prepare(tree / "bin/busybox")


def _recipe(image: str) -> Recipe:
    return systems.recipe(image, (certificates.ensure() / "ca.pem").read_text())


def _images() -> Path:
    return folder.root() / "images"


def _packages(spec: MachineSpec) -> list[str]:
    for name in spec.packages:
        if not PACKAGE.fullmatch(name):
            raise UsageError(f"`{name}` is not the name of a Debian package")
    return sorted(set(spec.packages))


def _digest(contents: object) -> str:
    text = json.dumps(contents, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]
