"""The scenarios below a folder, in the order that courses give them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from lab_runner.formats.files import LARGEST
from lab_runner.formats.foreign import folders
from lab_runner.formats.killercoda import index

NAMES = ("structure.json", "*-pathway.json", "*-course.json")


def scenarios(folder: Path) -> list[Path]:
    """Return the folders of all scenarios: those that a course names come first.

    No link to another folder is followed.
    """
    found: dict[Path, None] = {}
    ordered: dict[Path, None] = {}
    for inside in folders.below(folder):
        if index.find(inside):
            found[inside] = None
        for course in chain.from_iterable(sorted(inside.glob(n)) for n in NAMES):
            ordered.update(dict.fromkeys(inside / name for name in _order(course)))
    first = [path for path in ordered if path in found]
    return list(dict.fromkeys([*first, *found]))


def _order(course: Path) -> list[str]:
    """Return the paths that a course names; one that cannot be read names none."""
    try:
        with course.open("rb") as opened:
            found = json.loads(opened.read(LARGEST).decode("utf-8-sig"))
        return list(_named(found.get("items") or found.get("courses")))
    except (OSError, ValueError, AttributeError, RecursionError):
        return []


def _named(items: Any) -> Iterator[str]:
    for item in items if isinstance(items, list) else []:
        if isinstance(item, dict):
            named = item.get("path") or item.get("course_id") or item.get("id")
            if isinstance(named, str) and "\0" not in named:
                yield named.strip("/")
            yield from _named(item.get("items"))
