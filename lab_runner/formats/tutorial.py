"""Plain Markdown as a lab: what is neither ours nor of any other system."""

from __future__ import annotations

from pathlib import Path

from lab_runner.formats import native
from lab_runner.formats.reading import Reading

NAME = "tutorial"


def claims(path: Path) -> bool:
    """Tell whether this is a file."""
    return path.is_file()


def labs(folder: Path) -> list[Path]:
    """Return the Markdown files below a folder."""
    return sorted(folder.rglob("*.md"))


def read(path: Path, seed: bytes) -> Reading:
    """Read a Markdown file."""
    return native.read(path, seed)
