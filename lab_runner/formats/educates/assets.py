"""Files of a workshop that its machine has from the start."""

from __future__ import annotations

import os
from collections.abc import Iterator

from checks.errors import SpecError
from lab_runner.characters import control
from lab_runner.formats import files, machine_files
from lab_runner.formats.foreign import folders
from lab_runner.formats.foreign.notes import Notes, named
from lab_runner.formats.foreign.texts import Texts
from lab_runner.model import MachineFile, Source

HOME, WORKSHOP = "/root", "/opt"
ELSEWHERE = (
    "resources", "workshop/content", "workshop/setup.d", "workshop/static",
    "workshop/layouts", "workshop/themes", "workshop/slides",
)  # fmt: skip
"""Folders that are for the cluster and for the pages, not for the terminal."""
MOST = 200


def read(texts: Texts, notes: Notes) -> list[MachineFile]:
    """Return the files in folders of a workshop, where its sessions have them."""
    names = list(_names(texts))
    if len(names) > MOST:
        message = f"this lab has more than {MOST} files"
        advice = "Pack them, or fetch them in the set-up"
        source = Source(files.as_shown(texts.folder / names[MOST]), 1)
        notes.add("dropped", source, message, advice)
    found = (_file(name, texts, notes) for name in names[:MOST])
    return [file for file in found if file]


def _names(texts: Texts) -> Iterator[str]:
    for folder in folders.below(texts.folder):
        inside = folder.relative_to(texts.folder).as_posix()
        if folder == texts.folder or f"{inside}/".startswith(
            tuple(f"{each}/" for each in ELSEWHERE)
        ):
            continue
        is_settings = inside == "workshop"
        for file in sorted(folder.iterdir()):
            if not (file.is_dir() or (is_settings and file.suffix == ".yaml")):
                yield f"{inside}/{file.name}"


def _file(name: str, texts: Texts, notes: Notes) -> MachineFile | None:
    """Return a file, unless it is no text or leads out of the folder."""
    base = WORKSHOP if name.startswith("workshop/") else HOME
    source = Source(files.as_shown(texts.folder / name), 1)
    path = f"{base}/{name}"
    if control(name) or not machine_files.is_free(path):
        message = f"a machine cannot be made with a file at {named(path)}"
        notes.add("dropped", source, message, "Call it otherwise")
        return None
    try:
        content = files.asset(texts.folder, name)
    except SpecError as error:
        notes.add("dropped", source, error.message, error.remedy.capitalize())
        return None
    is_executable = os.access(texts.folder / name, os.X_OK)
    return MachineFile(path, content, 0o755 if is_executable else 0o644, name)
