"""The index of a scenario, whose keys stand where other systems would refuse them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from lab_runner.errors import LabBroken, UsageError
from lab_runner.formats.files import LARGEST, as_shown
from lab_runner.formats.foreign.values import mapping, text
from lab_runner.model import Problem, Source

NAMES = ("index.json", "index.yaml", "index.yml")
UNREADABLE = (ValueError, RecursionError, yaml.YAMLError)


@dataclass(frozen=True, slots=True)
class Index:
    """What an index says; `raw` is its text, in which values have their lines."""

    path: Path
    raw: str
    values: Mapping[str, Any]

    @property
    def details(self) -> Mapping[str, Any]:
        return mapping(self.values.get("details"))

    @property
    def steps(self) -> list[Mapping[str, Any]]:
        """Return the steps; some authors put them at the top."""
        found = self.details.get("steps") or self.values.get("steps")
        return [mapping(each) for each in found] if isinstance(found, list) else []

    def page(self, name: str) -> Mapping[str, Any]:
        """Return `intro` or `finish`, which some authors put at the top as well."""
        return mapping(self.details.get(name) or self.values.get(name))

    def text(self, key: str) -> str:
        """Return a text of the whole scenario, which may stand under `details`."""
        return text(self.values, key) or text(self.details, key)

    @property
    def image(self) -> str:
        return text(mapping(self.values.get("backend")), "imageid")

    @property
    def assets(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield each asset with the host that it is for."""
        for host, listed in mapping(self.details.get("assets")).items():
            for each in listed if isinstance(listed, list) else []:
                yield str(host), mapping(each)

    def source(self, value: str = "") -> Source:
        """Return the first place where a value is written."""
        at = self.raw.find(value) if value else 0
        return Source(as_shown(self.path), self.raw.count("\n", 0, max(at, 0)) + 1)


def find(folder: Path) -> Path | None:
    """Return the index of a scenario's folder, if it has one."""
    return next((folder / name for name in NAMES if (folder / name).is_file()), None)


def read(path: Path) -> Index:
    """Read an index; raises LabBroken, UsageError where there is nothing to read."""
    try:
        with path.open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(f"`{as_shown(path)}` cannot be read: {reason}") from None
    if len(content) > LARGEST:
        raise _broken(
            path, 1, f"the file is larger than {LARGEST >> 10} KiB", "Split it"
        )
    raw = content.decode("utf-8-sig", errors="replace")
    try:
        is_json = path.suffix == ".json"
        values = json.loads(raw, strict=False) if is_json else yaml.safe_load(raw)
    except UNREADABLE as error:
        line = getattr(error, "lineno", 1)
        message = f"this is not {path.suffix[1:].upper()}"
        raise _broken(path, line, message, "Mend it") from None
    if not isinstance(values, dict):
        raise _broken(path, 1, "this holds no keys", 'Write `{"title": "…"}`')
    return Index(path, raw, values)


def _broken(path: Path, line: int, message: str, advice: str) -> LabBroken:
    return LabBroken([Problem(Source(as_shown(path), line), message, advice)])
