"""A native lab file in the making, each line of which knows where it was taken from.

Readers of other formats write one and have it understood: whatever they read means what
the file says that `labrun dev import` writes.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from lab_runner.characters import control, harmless
from lab_runner.errors import LabBroken
from lab_runner.formats import native
from lab_runner.formats.files import LARGEST, LabFile
from lab_runner.model import (
    Command,
    Lab,
    MachineFile,
    Problem,
    Question,
    Source,
    Step,
    Task,
)

Part = TypeVar("Part", Command, Task, Question)
Value = str | Mapping[str, str]
"""A text, or what it is compared with: `{"matches": "…"}`."""
MARKER_RUN = re.compile(r"`{3,}")


class Draft:
    """Collects lines; `origin` is the place of what has no better one."""

    def __init__(self, origin: Source) -> None:
        self._origin = origin
        self._lines: list[str] = []
        self._sources: list[Source] = []

    @property
    def text(self) -> str:
        return "\n".join(self._lines).rstrip("\n") + "\n"

    def line(self, text: str, source: Source | None = None) -> None:
        self._lines.append(harmless(text))
        self._sources.append(source or self._origin)

    def paragraph(self, lines: Iterable[tuple[str, Source]]) -> None:
        """Add lines, with a blank one before and after them."""
        self._blank()
        for text, source in lines:
            self.line(text, source)
        self._blank()

    def _blank(self) -> None:
        if self._lines and self._lines[-1]:
            self.line("")

    def front(
        self,
        values: Mapping[str, str | int],
        files: Sequence[MachineFile] = (),
        machines: Sequence[str] = (),
    ) -> None:
        """Write the front matter: facts about the lab, and files of its machine.

        A lab of several has `machines` by name.
        """
        self.line("---")
        for key, value in values.items():
            self.line(f"{key}: {quoted(value)}")
        if files:
            self.line("machine:")
            self.line("  files:")
        for file in files:
            mode = "" if file.mode == 0o644 else f', mode: "{file.mode:04o}"'
            origin = quoted(file.source)
            self.line(f"    {quoted(file.path)}: {{from: {origin}{mode}}}")
        if machines:
            self.line("machines:")
        for name in machines:
            self.line(f"  {name}: {{}}")
        self.line("---")

    def heading(self, title: str, step_id: str, source: Source) -> None:
        self.paragraph([(f"## {title} {{#{step_id}}}", source)])

    def fence(self, info: str, text: str, source: Source) -> None:
        """Write a fence that nothing in `text` can close, with blank lines around it."""
        longest = max((len(run) for run in MARKER_RUN.findall(text)), default=2)
        marker = "`" * (longest + 1)
        self._blank()
        self.line(f"{marker}{info}", source)
        for offset, line in enumerate(text.rstrip("\n").split("\n")):
            self.line(line, replace(source, line=source.line + offset))
        self.line(marker, source)
        self._blank()

    def check(self, entry: Mapping[str, Value], source: Source) -> None:
        """Write a list with one check; texts of several lines stay readable."""
        pairs = [f"{key}: {written(value)}" for key, value in entry.items()]
        self.fence(
            "yaml check", "\n".join(["- " + pairs[0], *_under(pairs[1:])]), source
        )

    def lab(self, folder: Path, lab_id: str, seed: bytes) -> Lab:
        """Understand what was written, with the places of what it was made from.

        `folder` is where its files are. Raises LabBroken.
        """
        text = self.text
        if len(text.encode()) > LARGEST:
            message = f"as one file this lab is larger than {LARGEST >> 10} KiB"
            raise LabBroken([Problem(self._origin, message, "Split it")])
        digest = hashlib.sha256(text.encode()).hexdigest()
        file = LabFile(self._origin.path, folder, lab_id, digest, text, text)
        try:
            found = native.understand(file, seed)
        except LabBroken as error:
            placed = [replace(p, source=self._place(p.source)) for p in error.problems]
            raise LabBroken(placed) from None
        steps = tuple(self._step(step) for step in found.steps)
        return replace(found, steps=steps, source=self._origin)

    def _step(self, step: Step) -> Step:
        return replace(
            step,
            source=self._place(step.source),
            commands=self._placed(step.commands),
            tasks=self._placed(step.tasks),
            questions=self._placed(step.questions),
        )

    def _placed(self, parts: Iterable[Part]) -> tuple[Part, ...]:
        return tuple(replace(part, source=self._place(part.source)) for part in parts)

    def _place(self, source: Source) -> Source:
        row = min(source.line, len(self._sources)) - 1
        return self._sources[row] if row >= 0 else self._origin


def quoted(value: str | int) -> str:
    """Write a value on one line of YAML."""
    return json.dumps(value, ensure_ascii=False)


def written(value: Value) -> str:
    """Write a text in YAML: in a block as it is where that is possible."""
    if not isinstance(value, str):
        return json.dumps(dict(value), ensure_ascii=False)
    lines = value.split("\n")
    if len(lines) == 1 or control(value) or value[:1].isspace() or not value.strip():
        return quoted(value)
    return "\n".join(["|-", *_under(lines, "    ")])


def _under(lines: Iterable[str], indent: str = "  ") -> list[str]:
    return [f"{indent}{line}" if line else "" for line in lines]
