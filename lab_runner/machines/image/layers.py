"""The trees that machines start from: built once for what they contain, then shared.

An image is a Debian tree; packages are a further layer above it. Each is built aside and
renamed, so what has its name is whole.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from checks.words import did_you_mean
from lab_runner.errors import UsageError
from lab_runner.machines import folder, host, locks
from lab_runner.machines.image import build, debian
from lab_runner.machines.mirror import certificates, mirror
from lab_runner.machines.progress import Progress
from lab_runner.machines.signals import deferred
from lab_runner.model import MachineSpec

PACKAGE = re.compile(r"[a-z0-9][a-z0-9.+-]+")
DIGITS = 12


def ensure(spec: MachineSpec, progress: Progress) -> list[Path]:
    """Return the trees of this specification, topmost first, built where missing."""
    suite, packages = _suite(spec.image), _packages(spec)
    folder.prepare()
    recipe = debian.recipe(suite, (certificates.ensure() / "ca.pem").read_text())

    def make_base(tree: Path) -> None:
        build.base(tree, recipe, spec.image, progress)
        mirror.prepare(tree / "bin/busybox")

    def make_layer(tree: Path) -> None:
        build.layer(tree, base, packages, progress)

    key = f"{spec.image}-{_digest(dataclasses.asdict(recipe))}"
    base = _built(key, make_base, progress)
    if not packages:
        return [base]
    return [_built(f"{key}-{_digest(packages)}", make_layer, progress), base]


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


def _built(key: str, make: Callable[[Path], None], progress: Progress) -> Path:
    made, aside = _images() / key, _images() / f".{key}"
    if not made.exists():
        busy = "waiting for another labrun that builds the same"
        lock = folder.locks() / key
        with locks.held(lock, busy, wait=locks.FOREVER, waiting=progress):
            if not made.exists():
                _make(aside, make)
                aside.rename(made)
    return made / "tree"


def _make(aside: Path, make: Callable[[Path], None]) -> None:
    folder.remove(aside)
    try:
        (aside / "tree").mkdir(parents=True)
        make(aside / "tree")
        host.run(["sync", "--file-system", str(aside)])
    except BaseException:
        with deferred():
            folder.remove(aside)
        raise


def _images() -> Path:
    return folder.root() / "images"


def _suite(image: str) -> str:
    if image not in debian.SUITES:
        raise UsageError(
            f"there is no image `{image}`{did_you_mean(image, debian.SUITES)}",
            f"images: {', '.join(debian.SUITES)}",
        )
    return debian.SUITES[image]


def _packages(spec: MachineSpec) -> list[str]:
    for name in spec.packages:
        if not PACKAGE.fullmatch(name):
            raise UsageError(f"`{name}` is not the name of a Debian package")
    return sorted(set(spec.packages))


def _digest(contents: object) -> str:
    text = json.dumps(contents, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]
