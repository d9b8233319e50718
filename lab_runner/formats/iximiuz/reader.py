"""Challenges, tutorials and lessons of iximiuz Labs: folders with an `index.md`."""

from __future__ import annotations

from pathlib import Path

from lab_runner.errors import LabBroken
from lab_runner.formats.files import LARGEST, as_shown
from lab_runner.formats.foreign import documents, folders
from lab_runner.formats.foreign.notes import Notes
from lab_runner.formats.foreign.texts import Text, Texts
from lab_runner.formats.iximiuz.content import Content
from lab_runner.formats.reading import Reading
from lab_runner.formats.slugs import slug
from lab_runner.model import Source

NAME = "iximiuz"
PAGE = "index.md"
KINDS = ("challenge", "tutorial", "lesson")


def claims(path: Path) -> bool:
    """Tell whether this is such a folder or its page, told by the page's `kind`."""
    file = _page(path)
    if file is None:
        return False
    with file.open("rb") as opened:
        raw = opened.read(LARGEST).decode(errors="replace").lstrip("\ufeff")
    page = documents.read_page(Text("", raw.replace("\r\n", "\n")), Notes())
    return page.values.get("kind") in KINDS


def labs(folder: Path) -> list[Path]:
    """Return the folders below a folder that hold one."""
    return [path for path in folders.below(folder) if claims(path)]


def read(path: Path, seed: bytes) -> Reading:
    """Read one; what is wrong with it and does not stop it is noted."""
    file = _page(path) or path
    notes = Notes()
    texts = Texts(file.parent, notes)
    found = texts.read(file.name, Source(as_shown(file), 1))
    if found is None:
        raise LabBroken(notes.problems)
    content = Content(documents.read_page(found, notes), texts, notes)
    content.write()
    lab_id = slug(file.parent.resolve().name) or "lab"
    lab = content.draft.lab(file.parent, lab_id, seed)
    texts.inputs.names(file.parent)
    inputs = texts.inputs.digests
    return Reading(lab, notes.problems, inputs, content.draft.text, content.counts)


def _page(path: Path) -> Path | None:
    file = path / PAGE if path.is_dir() else path
    return file if file.name == PAGE and file.is_file() else None
