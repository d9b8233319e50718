"""Files of YAML, and pages that begin with it, as data that knows its lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from lab_runner.formats import front_matter
from lab_runner.formats.foreign.notes import Notes
from lab_runner.formats.foreign.texts import Text
from lab_runner.model import Source

UNREADABLE = (ValueError, RecursionError, yaml.YAMLError)


@dataclass(frozen=True, slots=True)
class Document:
    """Keys and values of a file, and the page behind them with the lines it has there."""

    text: Text
    values: Mapping[str, Any]
    page: Text

    def source(self, value: str = "") -> Source:
        """Return the first place where a value is written."""
        at = self.text.content.find(value) if value else 0
        return self.text.source(self.text.content.count("\n", 0, max(at, 0)) + 1)


def read(text: Text, notes: Notes) -> Document:
    """Read a file of YAML alone; what cannot be read counts as empty and is noted."""
    return Document(text, _values(text, text.content, 1, notes), Text(text.path, ""))


def read_page(text: Text, notes: Notes) -> Document:
    """Read a page that begins with YAML between lines of `---`, if it does."""
    lines = text.content.split("\n")
    end = front_matter.closing(lines)
    if not end:
        return Document(text, {}, text)
    values = _values(text, "\n".join(lines[1:end]), 2, notes)
    body = [""] * (end + 1) + lines[end + 1 :]
    return Document(text, values, Text(text.path, "\n".join(body)))


def _values(text: Text, raw: str, first: int, notes: Notes) -> Mapping[str, Any]:
    """Parse what begins on the line `first` of a file."""
    try:
        found = yaml.safe_load(raw)
    except UNREADABLE as error:
        mark = getattr(error, "problem_mark", None)
        source = text.source(first + (mark.line if mark else 0))
        notes.add("dropped", source, "this is not YAML", "Mend it")
        return {}
    if not isinstance(found, dict):
        message = "this holds no keys"
        notes.add("dropped", text.source(first), message, "Write `title: …`")
        return {}
    return found
