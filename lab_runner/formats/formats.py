"""All formats of labs, and which of them a path is written in."""

from __future__ import annotations

from pathlib import Path

from lab_runner.errors import UsageError
from lab_runner.formats import native
from lab_runner.formats.educates import reader as educates
from lab_runner.formats.executable import reader as executable
from lab_runner.formats.files import as_shown
from lab_runner.formats.instruqt import reader as instruqt
from lab_runner.formats.iximiuz import reader as iximiuz
from lab_runner.formats.killercoda import reader as killercoda
from lab_runner.formats.reading import Format, Reading
from lab_runner.formats.tutorial import reader as tutorial

STRUCTURED: tuple[Format, ...] = (
    native,
    killercoda,
    instruqt,
    iximiuz,
    educates,
    executable,
)
"""Formats that can be told by their structure: the first that claims a path has it.

What none of them claims is read as a plain tutorial.
"""


def read(path: Path, seed: bytes) -> Reading:
    """Read the lab of any format that is at a path.

    `seed` is the learner's secret, from which the values of variables are made. Raises
    LabBroken with everything that is wrong, UsageError where there is no single lab.
    """
    return format_of(path).read(path, seed)


def format_of(path: Path) -> Format:
    """Return the format of the lab at a path; raises UsageError if there is none."""
    for each in STRUCTURED:
        if each.claims(path):
            return each
    inside = _structured(path) if path.is_dir() else []
    if not inside and tutorial.claims(path):
        return tutorial
    raise _no_lab(path, inside or labs(path))


def labs(folder: Path) -> list[Path]:
    """Return the paths of all labs below a folder; tutorials where nothing else is."""
    return _structured(folder) or list(tutorial.labs(folder))


def _structured(folder: Path) -> list[Path]:
    found: dict[Path, None] = {}
    for each in STRUCTURED:
        owned = {path if path.is_dir() else path.parent for path in found}
        inside = each.labs(folder)
        if each is executable:
            inside = [path for path in inside if owned.isdisjoint(path.parents)]
        found |= dict.fromkeys(inside)
    return list(found)


def _no_lab(path: Path, inside: list[Path]) -> UsageError:
    shown = as_shown(path)
    if not inside:
        return UsageError(f"there is no lab in `{shown}`", "name a Markdown file")
    return UsageError(
        f"`{shown}` is no lab itself, but holds labs such as `{as_shown(inside[0])}`",
        f"`labrun list {shown}` lists them: name one",
    )
