"""Settings of a workshop's renderer: order and titles of pages, and data variables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lab_runner.formats.files import as_shown
from lab_runner.formats.foreign import documents
from lab_runner.formats.foreign.documents import Document
from lab_runner.formats.foreign.notes import Notes
from lab_runner.formats.foreign.texts import Text, Texts
from lab_runner.formats.foreign.values import listed, mapping, text
from lab_runner.model import Source

HUGO = "workshop/config.yaml"
MODULES, CLASSIC = "workshop/modules.yaml", "workshop/workshop.yaml"


@dataclass(frozen=True, slots=True)
class Settings:
    """What is set: `order` and `titles` of pages by name, and `variables`.

    `is_classic` tells of the older of the two renderers.
    """

    order: Sequence[str]
    titles: Mapping[str, str]
    variables: Mapping[str, str]
    is_classic: bool
    found: Document

    def source(self, value: str = "") -> Source:
        return self.found.source(value)


def read(texts: Texts, notes: Notes) -> Settings:
    """Read the settings of either renderer; without any of them nothing is set."""
    is_classic = any(texts.path(name) for name in (MODULES, CLASSIC))
    return _classic(texts, notes) if is_classic else _hugo(texts, notes)


def _hugo(texts: Texts, notes: Notes) -> Settings:
    found = _document(HUGO, texts, notes)
    pathways = mapping(found.values.get("pathways"))
    paths = mapping(pathways.get("paths"))
    name = text(pathways, "default") or next(iter(map(str, paths)), "")
    path = mapping(paths.get(name))
    return Settings(
        _names(path.get("steps")),
        _texts(listed(found.values.get("modules")), "title"),
        _texts([*listed(found.values.get("params")), *listed(path.get("params"))])
        | {"pathway_name": name},
        is_classic=False,
        found=found,
    )


def _classic(texts: Texts, notes: Notes) -> Settings:
    modules = _document(MODULES, texts, notes)
    workshop = _document(CLASSIC, texts, notes)
    known = {
        str(name): text(mapping(values), "name")
        for name, values in mapping(modules.values.get("modules")).items()
    }
    active = _names(mapping(workshop.values.get("modules")).get("activate"))
    own = mapping(workshop.values.get("vars"))
    declared = listed(mapping(modules.values.get("config")).get("vars"))
    return Settings(
        active or list(known),
        known,
        _texts(declared) | {str(name): text(own, name) for name in own},
        is_classic=True,
        found=workshop if active else modules,
    )


def _document(name: str, texts: Texts, notes: Notes) -> Document:
    shown = as_shown(texts.folder / name)
    found = texts.read(name, Source(shown, 1)) if texts.path(name) else None
    blank = Text(shown, "")
    return documents.read(found, notes) if found else Document(blank, {}, blank)


def _names(steps: object) -> list[str]:
    return [str(each).removesuffix(".md") for each in listed(steps)]


def _texts(items: Sequence[Any], key: str = "value") -> dict[str, str]:
    """Return one of the values of each item by the item's name."""
    return {text(mapping(item), "name"): text(mapping(item), key) for item in items}
