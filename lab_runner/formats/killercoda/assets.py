"""Assets of a scenario: files of its folder that its machine has from the start."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from checks.errors import SpecError
from lab_runner.characters import control
from lab_runner.formats import files, machine_files
from lab_runner.formats.foreign import values
from lab_runner.formats.foreign.notes import Notes, named
from lab_runner.formats.foreign.texts import Texts
from lab_runner.formats.killercoda.index import Index
from lab_runner.model import MachineFile, Source

HOME = "/root"
MOST = 200
OCTAL = re.compile(r"0?[0-7]{3,4}")


def read(found: Index, texts: Texts, notes: Notes) -> list[MachineFile]:
    """Return the files that assets bring to a machine; two of one path are one."""
    by_path: dict[str, MachineFile] = {}
    for host, asset in found.assets:
        pattern = values.text(asset, "file")
        source = found.source(pattern)
        if host not in ("host01", "client"):
            message = (
                f"{named(pattern)} is for {named(host)}: there is one machine here"
            )
            notes.add("changed", source, message, "Write a lab with `machines:`")
        for name in _names(pattern, texts, source, notes):
            file = _file(name, asset, texts, source, notes)
            if file:
                by_path[file.path] = file
    return list(by_path.values())


def _names(pattern: str, texts: Texts, source: Source, notes: Notes) -> Iterator[str]:
    """Yield what a pattern below `assets`, or below the folder, matches."""
    under_assets = list(_matching(texts, f"assets/{pattern}"))
    found = under_assets or list(_matching(texts, pattern))
    if not found:
        message = f"no file of this folder is {named(pattern)}"
        notes.add("dropped", source, message, "Put it into `assets`")
    elif not under_assets:
        message = f"{named(pattern)} is not in `assets`, but beside it"
        notes.add("repaired", source, message, "Put it into `assets`")
    if len(found) > MOST:
        message = f"{named(pattern)} matches more than {MOST} files"
        notes.add("dropped", source, message, "Name what is needed")
    yield from found[:MOST]


def _matching(texts: Texts, pattern: str) -> Iterator[str]:
    if ".." in pattern.split("/") or control(pattern) or pattern.startswith("/"):
        return
    if not re.search(r"[*?\[]", pattern):
        if texts.path(pattern):
            yield pattern
        return
    try:
        for path in sorted(texts.folder.glob(pattern)):
            name = path.relative_to(texts.folder).as_posix()
            if texts.path(name):
                yield name
    except (ValueError, NotImplementedError, OSError):
        return


def _file(
    name: str, asset: Mapping[str, Any], texts: Texts, source: Source, notes: Notes
) -> MachineFile | None:
    folder = re.sub(r"^~(?=/|$)", HOME, values.text(asset, "target"))
    path = posixpath.normpath(posixpath.join(HOME, folder, Path(name).name))
    path = "/" + path.lstrip("/")
    if not machine_files.is_free(path) or control(name) or name == files.NAME:
        message = f"a machine cannot be made with a file at {named(path)}"
        notes.add("dropped", source, message, "Choose another target")
        return None
    try:
        content = files.asset(texts.folder, name)
    except SpecError as error:
        notes.add("dropped", source, error.message, error.remedy.capitalize())
        return None
    return MachineFile(path, content, _mode(values.text(asset, "chmod")), name)


def _mode(chmod: str) -> int:
    if OCTAL.fullmatch(chmod):
        return int(chmod, 8)
    return 0o755 if "x" in chmod else 0o644
