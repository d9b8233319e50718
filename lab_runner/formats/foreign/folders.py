"""Folders in which labs of other systems are looked for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

DEEPEST = 8


def below(root: Path) -> Iterator[Path]:
    """Yield a folder and all below it; hidden ones and links are not followed."""
    for path, names, _ in os.walk(root):
        inside = Path(path)
        deep = len(inside.relative_to(root).parts) >= DEEPEST
        names[:] = [] if deep else sorted(n for n in names if not n.startswith("."))
        yield inside


def near(folder: Path) -> Iterator[Path]:
    """Yield a folder and those directly in it."""
    yield folder
    for inside in sorted(folder.iterdir()):
        if inside.is_dir() and not inside.is_symlink():
            yield inside
