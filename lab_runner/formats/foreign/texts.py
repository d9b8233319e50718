"""The files of a lab as text, whatever shape they are in."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path

from lab_runner.formats.files import LARGEST, as_shown
from lab_runner.formats.foreign.notes import Notes, named
from lab_runner.formats.inputs import Inputs
from lab_runner.model import Source

UTF8_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Text:
    """A file that was read; `path` is as messages show it, lines end with a line feed."""

    path: str
    content: str

    def source(self, line: int) -> Source:
        return Source(self.path, line)


class Texts:
    """Reads files of a lab's folder, and none outside of it."""

    def __init__(self, folder: Path, notes: Notes) -> None:
        self.folder = folder
        self.inputs = Inputs(folder)
        self._home = folder.resolve()
        self._notes = notes

    def path(self, name: str) -> Path | None:
        """Return a regular file of the folder by its name, if it is one."""
        try:
            path = (self.folder / name.lstrip("/")).resolve()
            is_file = stat.S_ISREG(path.stat().st_mode)
        except (OSError, ValueError, RuntimeError):
            return None
        return path if is_file and path.is_relative_to(self._home) else None

    def read(self, name: str, source: Source) -> Text | None:
        """Read a file that is named at `source`; what is wrong with it is noted."""
        path = self.path(name)
        if path is None:
            message = f"there is no file {named(name)} in this folder"
            self._notes.add("dropped", source, message, "Add it, or name another")
            return None
        shown = as_shown(self.folder / name.lstrip("/"))
        with path.open("rb") as opened:
            content = opened.read(LARGEST + 1)
        self.inputs.note(path, content)
        if len(content) > LARGEST:
            message = f"{named(name)} is larger than {LARGEST >> 10} KiB"
            self._notes.add("dropped", source, message, "Split it")
            return None
        text = Text(shown, self._decoded(content, shown))
        if text.content.strip():
            return text
        self._notes.add("dropped", Source(shown, 1), "the file is empty", "Fill it")
        return None

    def _decoded(self, content: bytes, shown: str) -> str:
        try:
            text = content.decode()
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            self._repaired(shown, line, "this line is not UTF-8", "Save it as UTF-8")
            text = content.decode(errors="replace")
        if text.startswith(UTF8_BOM):
            self._repaired(shown, 1, "a byte order mark begins it", "Save it without")
        if "\r" in text:
            line = text.count("\n", 0, text.find("\r")) + 1
            message = "its lines end as on Windows, with CR LF"
            self._repaired(shown, line, message, "Save it with LF alone")
        text = text.removeprefix(UTF8_BOM).replace("\r\n", "\n")
        return text.replace("\r", "\n")

    def _repaired(self, shown: str, line: int, message: str, advice: str) -> None:
        self._notes.add("repaired", Source(shown, line), message, advice)
