"""Clickable actions: fences whose first word is a verb and whose body is YAML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from lab_runner.formats.foreign.blocks import Fence
from lab_runner.formats.foreign.documents import UNREADABLE
from lab_runner.formats.foreign.notes import Notes, named
from lab_runner.formats.foreign.texts import Text
from lab_runner.formats.foreign.values import mapping
from lab_runner.model import Source

VERB = re.compile(r"([a-z]+):([a-z-]+)\b")
OLD = re.compile(r"(execute|copy)(-and-edit|-all|-\d{1,3})?(?![\w-])")
COMMAND = re.compile(r"command:[ \t]+([^|>\s].*)")


@dataclass(frozen=True, slots=True)
class Action:
    """What one click does: `terminal` and `execute` are its `group` and `verb`."""

    group: str
    verb: str
    values: Mapping[str, Any]
    source: Source

    @property
    def name(self) -> str:
        return f"{self.group}:{self.verb}"

    def text(self, key: str) -> str:
        """Return a value as it is written, of several lines as well; else empty."""
        found = self.values.get(key)
        is_text = isinstance(found, str | int | float)
        return str(found).rstrip("\n") if is_text else ""


def read(fence: Fence, page: Text, notes: Notes) -> Action | None:
    """Read the action that a fence is, if it is one; a broken one has no values."""
    source = page.source(fence.first)
    if verb := VERB.match(fence.info):
        return Action(verb[1], verb[2], _values(fence, source, notes), source)
    old = OLD.match(fence.info)
    return _old(old[1], old[2] or "", fence.text.strip(), source) if old else None


def _old(verb: str, more: str, text: str, source: Source) -> Action:
    """Read an action of the older spelling, whose body is the text itself."""
    if verb == "copy":
        return Action("workshop", "copy", {"text": text}, source)
    if text.lower() == "<ctrl+c>":
        return Action("terminal", "interrupt", {}, source)
    values = {"command": text, "session": more.strip("-") or "1"}
    return Action("terminal", "execute", values, source)


def _values(fence: Fence, source: Source, notes: Notes) -> Mapping[str, Any]:
    try:
        found = yaml.safe_load(fence.text)
    except UNREADABLE:
        return _mended(fence, source, notes)
    if found is not None and not isinstance(found, dict):
        notes.add("dropped", source, f"{named(fence.info)} holds no keys", "Write some")
    return mapping(found)


def _mended(fence: Fence, source: Source, notes: Notes) -> Mapping[str, Any]:
    """Take a command that only lacks quotes as it stands."""
    command = COMMAND.fullmatch(fence.text.strip())
    advice = "Quote the value, or write it below `|-`"
    message = f"what {named(fence.info)} holds is not YAML"
    notes.add("repaired" if command else "dropped", source, message, advice)
    return {"command": command[1]} if command else {}
