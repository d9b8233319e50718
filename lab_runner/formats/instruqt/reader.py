"""Tracks of Instruqt: folders with a `track.yml`, read as native labs."""

from __future__ import annotations

import re
from pathlib import Path

from lab_runner.errors import LabBroken
from lab_runner.formats.files import as_shown
from lab_runner.formats.foreign import documents, folders
from lab_runner.formats.foreign.notes import Notes
from lab_runner.formats.foreign.texts import Texts
from lab_runner.formats.instruqt.track import Track
from lab_runner.formats.reading import Reading
from lab_runner.formats.slugs import slug
from lab_runner.model import Problem, Source

NAME = "instruqt"
NAMES = ("track.yml", "track.yaml")
HCL_LAB = re.compile(rb'^resource\s+"lab"\s', re.MULTILINE)


def claims(path: Path) -> bool:
    """Tell whether this is a track's folder or its file, or a lab in HCL."""
    return _track(path) is not None or _hcl(path) is not None


def labs(folder: Path) -> list[Path]:
    """Return the folders of the tracks below a folder."""
    return [path for path in folders.below(folder) if claims(path)]


def read(path: Path, seed: bytes) -> Reading:
    """Read a track; what is wrong with it and does not stop it is noted.

    Raises LabBroken for a track without challenges, and for a lab in HCL.
    """
    file = _track(path)
    if file is None:
        raise _broken(
            _hcl(path) or path,
            "labs of Instruqt in HCL are not read, only tracks",
            "Write it as a track with `track.yml`, or as a lab of labrun",
        )
    notes = Notes()
    texts = Texts(file.parent, notes)
    found = texts.read(file.name, Source(as_shown(file), 1))
    if found is None:
        raise LabBroken(notes.problems)
    track = Track(documents.read(found, notes), texts, notes)
    if not track.folders:
        message = "no folder beside this file has an `assignment.md`"
        raise _broken(file, message, "Put each challenge into a folder of its own")
    track.write()
    lab_id = slug(file.parent.resolve().name) or "lab"
    lab = track.draft.lab(file.parent, lab_id, seed)
    for folder in folders.near(file.parent):
        texts.inputs.names(folder)
    inputs = texts.inputs.digests
    return Reading(lab, notes.problems, inputs, track.draft.text, track.counts)


def _track(path: Path) -> Path | None:
    if path.is_dir():
        found = (path / name for name in NAMES)
        return next((each for each in found if each.is_file()), None)
    return path if path.name in NAMES and path.is_file() else None


def _hcl(path: Path) -> Path | None:
    """Return the file in a folder that describes a lab in Instruqt's newer language."""
    for file in sorted(path.glob("*.hcl")) if path.is_dir() else ():
        if file.is_file() and HCL_LAB.search(file.read_bytes()):
            return file
    return None


def _broken(path: Path, message: str, advice: str) -> LabBroken:
    return LabBroken([Problem(Source(as_shown(path), 1), message, advice)])
