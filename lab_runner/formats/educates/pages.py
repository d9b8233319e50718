"""The pages of a workshop in the order in which its renderer shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lab_runner.formats.educates.settings import Settings
from lab_runner.formats.files import as_shown
from lab_runner.formats.foreign import documents, folders
from lab_runner.formats.foreign.documents import Document
from lab_runner.formats.foreign.notes import Notes, named
from lab_runner.formats.foreign.texts import Texts
from lab_runner.formats.foreign.values import text
from lab_runner.model import Source

CONTENT = "workshop/content"
ASCIIDOC = ".adoc"


@dataclass(frozen=True, slots=True)
class Step:
    """A page; `name` is what settings call it, `title` what they give it."""

    name: str
    title: str
    page: Document


def read(settings: Settings, texts: Texts, notes: Notes) -> Sequence[Step]:
    """Read the pages that the settings order, else all of them in their own order."""
    files = _files(texts, notes)
    ordered = _known(settings, files, notes) if settings.order else list(files)
    steps = [
        Step(name, settings.titles.get(name, ""), documents.read_page(found, notes))
        for name in ordered
        if (found := texts.read(files[name], _source(texts, files[name])))
    ]
    if not settings.order and any(_weight(step.page.values) for step in steps):
        steps.sort(key=_by_weight)
    return steps


def _files(texts: Texts, notes: Notes) -> Mapping[str, str]:
    """Return the files of pages by their names, sorted by those."""
    found = {}
    for path in _paths(texts):
        name = path.removeprefix(f"{CONTENT}/").removesuffix(".md")
        if path.endswith(ASCIIDOC):
            message = "pages in AsciiDoc are not read"
            notes.add("dropped", _source(texts, path), message, "Write it in Markdown")
        else:
            found[name.removesuffix("/index")] = path
    return dict(sorted(found.items(), key=lambda item: item[0].split("/")))


def _paths(texts: Texts) -> Iterator[str]:
    for folder in folders.below(texts.folder / CONTENT):
        for file in sorted(folder.iterdir()):
            if file.suffix in (".md", ASCIIDOC) and file.is_file():
                yield file.relative_to(texts.folder).as_posix()


def _known(settings: Settings, files: Mapping[str, str], notes: Notes) -> list[str]:
    """Return the names of the order that are pages; the others are noted."""
    for name in settings.order:
        if name not in files:
            message = f"there is no page {named(name)} in `{CONTENT}`"
            notes.add("dropped", settings.source(name), message, "Name another")
    for name in files:
        if name not in settings.order:
            message = f"the page {named(name)} is not one of the steps"
            notes.add("dropped", settings.source(), message, "Name it there")
    return [name for name in dict.fromkeys(settings.order) if name in files]


def _by_weight(step: Step) -> tuple[float, str]:
    values = step.page.values
    return _weight(values) or float("inf"), text(values, "title") or step.name


def _weight(values: Mapping[str, Any]) -> float:
    found = values.get("weight")
    return found if isinstance(found, int | float) else 0


def _source(texts: Texts, name: str) -> Source:
    return Source(as_shown(texts.folder / name), 1)
