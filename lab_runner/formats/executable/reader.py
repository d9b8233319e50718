"""Reads documents of runme and InnovationEngine, and codelabs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lab_runner.errors import LabBroken
from lab_runner.formats import files, markdown
from lab_runner.formats.draft import Draft
from lab_runner.formats.executable import marks, prerequisites, sheet, steps
from lab_runner.formats.executable.page import Page
from lab_runner.formats.executable.settings import Settings
from lab_runner.formats.executable.sheet import Sheet
from lab_runner.formats.foreign import folders, headings, values
from lab_runner.formats.foreign.notes import Notes
from lab_runner.formats.foreign.texts import Texts
from lab_runner.formats.markdown import inline_text
from lab_runner.formats.reading import Reading
from lab_runner.formats.slugs import slug
from lab_runner.formats.tutorial.reader import MARKDOWN
from lab_runner.model import Problem, Source

NAME = "executable"


def claims(path: Path) -> bool:
    """Tell whether this is such a document, or the folder of a single one."""
    if path.is_dir():
        return _single(path) is not None
    return _is_markdown(path) and _is_executable(path)


def labs(folder: Path) -> list[Path]:
    """Return all such documents below a folder."""
    return [
        path
        for inside in folders.below(folder)
        for path in sorted(inside.iterdir())
        if _is_markdown(path) and _is_executable(path)
    ]


def read(path: Path, seed: bytes) -> Reading:
    """Read a document; what is wrong with it and does not stop it is noted.

    Raises LabBroken where there is nothing in it.
    """
    file = (_single(path) if path.is_dir() else path) or path
    notes = Notes()
    texts = Texts(file.parent, notes)
    origin = Source(files.as_shown(file), 1)
    text = texts.read(file.name, origin)
    if text is None:
        raise LabBroken([Problem(origin, "this cannot be read", "Write `# Title`")])
    found = sheet.read(text, texts, notes)
    is_tested = marks.is_tested(found.text)
    title = _title(found) or file.stem
    begun = (
        steps.of_codelab(found.text)
        if marks.is_codelab(text.content)
        else steps.of_tutorial(found.text, title)
    )
    settings, draft = Settings(), Draft(origin)
    before = prerequisites.commands(found, texts, notes) if is_tested else []
    for command in before:
        settings.follow(command.text)
    draft.front(_facts(found, title, is_tested=is_tested))
    page = Page(found, title, begun, draft, notes, settings, before)
    page.write()
    lab_id = slug(path.resolve().name if path.is_dir() else file.stem) or "lab"
    lab = draft.lab(file.parent, lab_id, seed)
    inputs = texts.inputs
    inputs.names(file.parent)
    return Reading(lab, notes.problems, inputs.digests, draft.text, page.counts)


def _facts(found: Sheet, title: str, *, is_tested: bool) -> Mapping[str, str | int]:
    facts: dict[str, str | int] = {
        "title": title,
        "summary": values.text(found.values, "summary")
        or values.text(found.values, "description"),
        "made_for": "InnovationEngine" if is_tested else "",
        "minutes": min(found.minutes, 10_000),
    }
    return {key: value for key, value in facts.items() if value}


def _title(found: Sheet) -> str:
    given = values.text(found.values, "title")
    document = markdown.parse(found.text)
    written = (
        inline_text(h.text, document.links) for h in document.headings if h.level == 1
    )
    return headings.plain(given or next(written, ""))


def _single(folder: Path) -> Path | None:
    """Return the only Markdown file of a folder that has no lab below it."""
    own = [each for each in sorted(folder.iterdir()) if _is_markdown(each)]
    return own[0] if len(own) == 1 and labs(folder) == own else None


def _is_markdown(path: Path) -> bool:
    is_named_so = path.suffix.lower() in MARKDOWN and path.name != files.NAME
    return is_named_so and path.is_file()


def _is_executable(path: Path) -> bool:
    with path.open(encoding="utf-8", errors="replace") as opened:
        return marks.is_executable(opened.read(files.LARGEST))
