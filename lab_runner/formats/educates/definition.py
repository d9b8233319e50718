"""`resources/workshop.yaml`: the definition of a workshop, among other resources."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lab_runner.formats.files import LARGEST
from lab_runner.formats.foreign import documents
from lab_runner.formats.foreign.documents import Document
from lab_runner.formats.foreign.notes import Notes, named
from lab_runner.formats.foreign.texts import Text
from lab_runner.formats.foreign.values import mapping, text

NAMES = ("resources/workshop.yaml", "resources/workshop.yml")
KIND = re.compile(rb"^kind:[ \t]*[\"']?Workshop\b", re.MULTILINE)
DURATION = re.compile(r"(?:(\d{1,3})h)?\s*(?:(\d{1,4})m)?")
HERE = ("terminal", "workshop", "editor", "examiner", "files", "slides", "uploads")
OBJECTS = ("session.objects", "environment.objects", "session.env")


def find(path: Path) -> Path | None:
    """Return the file with a workshop's definition, of its folder or by its name."""
    known = (path / name for name in NAMES) if path.is_dir() else (path,)
    return next((each for each in known if _defines(each)), None)


def read(found: Text, notes: Notes) -> Document:
    """Read the resource that is a workshop; one that cannot be read counts as empty."""
    parsed = [documents.read(each, notes) for each in _split(found)]
    kinds = [each for each in parsed if text(each.values, "kind") == "Workshop"]
    return kinds[0] if kinds else Document(found, {}, Text(found.path, ""))


def spec(workshop: Document) -> Mapping[str, Any]:
    return mapping(workshop.values.get("spec"))


def image(workshop: Document) -> str:
    """Return the image of its sessions, which stood under `content` once."""
    places = ("workshop", "content")
    found = (text(mapping(spec(workshop).get(place)), "image") for place in places)
    return next(filter(None, found), "")


def minutes(workshop: Document) -> int:
    """Return how long it takes, written `90m` or `1h30m`; 0 for unknown."""
    found = DURATION.fullmatch(text(spec(workshop), "duration"))
    hours, rest = found.groups(default="0") if found else (0, 0)
    return min(int(hours) * 60 + int(rest), 10_000)


def note_what_is_missing(workshop: Document, notes: Notes) -> None:
    """Note what the sessions of a workshop have that no lab machine has."""
    if name := image(workshop):
        message = f"this lab is made for {named(name)}, which is not here"
        advice = "See which packages and images it takes"
        notes.add("changed", workshop.source(name), message, advice)
    for name, settings in _applications(workshop).items():
        if str(name) not in HERE and mapping(settings).get("enabled") is True:
            message = f"this lab takes {named(str(name))}, which is not here"
            source = workshop.source(f"{name}:")
            notes.add("changed", source, message, "Set it up on the machine")
    for key in OBJECTS:
        outer, inner = key.split(".")
        if mapping(spec(workshop).get(outer)).get(inner):
            source = workshop.source(f"{inner}:")
            message = f"{named(key)} is not made here"
            notes.add("dropped", source, message, "Make it in the set-up")


def _applications(workshop: Document) -> Mapping[str, Any]:
    return mapping(mapping(spec(workshop).get("session")).get("applications"))


def _defines(path: Path) -> bool:
    is_known = path.parent.name == "resources" and path.name.startswith("workshop.")
    if not (is_known and path.is_file()):
        return False
    with path.open("rb") as opened:
        return KIND.search(opened.read(LARGEST)) is not None


def _split(found: Text) -> Iterator[Text]:
    """Yield the documents of a file, each on the lines that it has there."""
    lines = found.content.split("\n")
    bounds = [n for n, line in enumerate(lines) if line.rstrip() == "---"]
    for first, last in zip([-1, *bounds], [*bounds, len(lines)], strict=True):
        inside = "\n".join(lines[first + 1 : last])
        if inside.strip():
            yield Text(found.path, "\n" * (first + 1) + inside)
