"""Reads scenarios of Killercoda and Katacoda, wherever courses put them."""

from __future__ import annotations

from pathlib import Path

from lab_runner.errors import LabBroken, UsageError
from lab_runner.formats.foreign import folders
from lab_runner.formats.foreign.notes import Notes
from lab_runner.formats.killercoda import courses, index
from lab_runner.formats.killercoda.scenario import Scenario
from lab_runner.formats.reading import Reading
from lab_runner.formats.slugs import slug

NAME = "killercoda"
KEYS = ("details", "backend", "steps", "courseData")


def claims(path: Path) -> bool:
    """Tell whether this is a scenario's folder, or its index, in whatever state."""
    file = _index(path)
    if file is None:
        return False
    try:
        return any(key in index.read(file).values for key in KEYS)
    except (LabBroken, UsageError):
        return True


def labs(folder: Path) -> list[Path]:
    """Return the folders of the scenarios below a folder, in the order of courses."""
    return [path for path in courses.scenarios(folder) if claims(path)]


def read(path: Path, seed: bytes) -> Reading:
    """Read a scenario; what is wrong with it and does not stop it is noted.

    Raises LabBroken where its index cannot be read.
    """
    file = _index(path) or path
    found, notes = index.read(file), Notes()
    scenario = Scenario(found, file.parent, notes)
    scenario.write()
    lab_id = slug(file.parent.resolve().name) or "lab"
    lab = scenario.draft.lab(file.parent, lab_id, seed)
    inputs = scenario.texts.inputs
    inputs.note(file, file.read_bytes())
    for name, content in lab.assets.items():
        inputs.note(file.parent / name, content.encode())
    for folder in folders.near(file.parent):
        inputs.names(folder)
    counts = scenario.counts
    return Reading(lab, notes.problems, inputs.digests, scenario.draft.text, counts)


def _index(path: Path) -> Path | None:
    if path.is_dir():
        return index.find(path)
    return path if path.name in index.NAMES and path.is_file() else None
