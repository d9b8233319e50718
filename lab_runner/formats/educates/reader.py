"""Workshops of Educates: folders with a `resources/workshop.yaml`."""

from __future__ import annotations

from pathlib import Path

from lab_runner.errors import LabBroken, UsageError
from lab_runner.formats.educates import definition
from lab_runner.formats.educates.workshop import Workshop
from lab_runner.formats.files import as_shown
from lab_runner.formats.foreign import folders
from lab_runner.formats.foreign.notes import Notes
from lab_runner.formats.foreign.texts import Texts
from lab_runner.formats.reading import Reading
from lab_runner.formats.slugs import slug
from lab_runner.model import Problem, Source

NAME = "educates"


def claims(path: Path) -> bool:
    """Tell whether this is a workshop's folder, or the file that defines it."""
    return definition.find(path) is not None


def labs(folder: Path) -> list[Path]:
    """Return the folders of the workshops below a folder."""
    return [path for path in folders.below(folder) if claims(path)]


def read(path: Path, seed: bytes) -> Reading:
    """Read a workshop; what is wrong with it and does not stop it is noted.

    Raises LabBroken for one without pages.
    """
    file = definition.find(path)
    if file is None:
        raise UsageError(f"`{as_shown(path)}` is no workshop", "name its folder")
    folder = file.parent.parent
    notes = Notes()
    texts = Texts(folder, notes)
    found = texts.read(f"resources/{file.name}", Source(as_shown(file), 1))
    if found is None:
        raise LabBroken(notes.problems)
    workshop = Workshop(definition.read(found, notes), texts, notes)
    if not workshop.steps:
        message = "this workshop has no page in `workshop/content`"
        problem = Problem(Source(as_shown(file), 1), message, "Write one")
        raise LabBroken([*notes.problems, problem])
    workshop.write()
    lab = workshop.draft.lab(folder, slug(folder.resolve().name) or "lab", seed)
    for name, content in lab.assets.items():
        texts.inputs.note(folder / name, content.encode())
    for inside in folders.below(folder):
        texts.inputs.names(inside)
    inputs = texts.inputs.digests
    return Reading(lab, notes.problems, inputs, workshop.draft.text, workshop.counts)
