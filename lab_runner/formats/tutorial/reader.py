"""Plain Markdown as a lab: a file, or the pages of a folder one after another."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lab_runner.characters import harmless
from lab_runner.errors import LabBroken
from lab_runner.formats.files import as_shown
from lab_runner.formats.inputs import Inputs
from lab_runner.formats.reading import Reading
from lab_runner.formats.slugs import Ids, slug
from lab_runner.formats.tutorial import page as tutorial_page
from lab_runner.formats.tutorial.page import Page, Section
from lab_runner.model import Lab, Problem, Source, Step

NAME = "tutorial"
MARKDOWN = (".md", ".markdown", ".mdx")
FIRST = ("readme", "index", "_index")
NUMBERED = re.compile(r"(\d{1,9})")


def claims(path: Path) -> bool:
    """Tell whether this is a file, or a folder whose pages have an order."""
    return bool(_pages(path)) if path.is_dir() else path.exists()


def labs(folder: Path) -> list[Path]:
    """Return the tutorials below a folder: folders with an order, else each file."""
    found: list[Path] = []
    pages = _pages(folder)
    own = _markdown(folder)
    if pages:
        found.append(folder)
    found += (path for path in own if path not in pages)
    for inner in sorted(each for each in folder.iterdir() if _is_folder(each)):
        found += labs(inner)
    return found


def read(path: Path, _seed: bytes) -> Reading:
    """Read a file or the pages of a folder; a tutorial is the same for everybody.

    Without any command, each section is a step to read. Raises LabBroken where there
    is not even a heading.
    """
    is_folder = path.is_dir()
    inputs = Inputs(path if is_folder else path.resolve().parent)
    if is_folder:
        inputs.names(path)
    files = _pages(path) if is_folder else [path]
    pages = [tutorial_page.read(inputs.text(each), as_shown(each)) for each in files]
    title = next(filter(None, (page.title for page in pages)), "") or _named(path)
    has_commands = any(section.commands for page in pages for section in page.sections)
    draft = _Draft(title, is_to_read=not has_commands)
    for file, page in zip(files, pages, strict=True):
        draft.add(page, _named(file))
    source = Source(as_shown(files[0]), 1)
    if not draft.steps:
        message = "there is no command and no section in this text"
        raise LabBroken([Problem(source, message, "Write commands in `bash` fences")])
    digest = hashlib.sha256("".join(inputs.digests.values()).encode()).hexdigest()
    intro, steps = "\n\n".join(draft.intro), tuple(draft.finished())
    name = slug(path.resolve().name if is_folder else path.stem)
    lab = Lab(name or "lab", title, intro, steps, digest, source)
    problems = tuple(problem for page in pages for problem in page.problems)
    return Reading(lab, problems, inputs.digests)


@dataclass(slots=True)
class _Draft:
    """Steps in the making: a section without commands leads over to the next one."""

    title: str
    is_to_read: bool
    steps: list[Step] = field(default_factory=list)
    intro: list[str] = field(default_factory=list)
    _ids: Ids = field(default_factory=Ids)
    _waiting: list[str] = field(default_factory=list)

    def add(self, page: Page, name: str) -> None:
        for section in page.sections:
            is_titled = section.title == self.title
            if section.commands or (
                self.is_to_read and section.title and not is_titled
            ):
                self._step(section, section.title or page.title or name)
            elif self.steps:
                self._waiting += _whole(section)
            else:
                self.intro += [section.text] if is_titled else _whole(section)

    def finished(self) -> Iterator[Step]:
        """Yield the steps; what is left to read belongs to the last."""
        yield from self.steps[:-1]
        last = self.steps[-1]
        body = "\n\n".join(filter(None, [last.body, *self._waiting]))
        yield Step(last.id, last.title, body, last.source, last.commands)

    def _step(self, section: Section, title: str) -> None:
        own = _whole(section) if self._waiting else [section.text]
        body = "\n\n".join([*self._waiting, *own])
        self._waiting = []
        step_id = self._ids.unique(slug(title) or "step")
        self.steps.append(Step(step_id, title, body, section.source, section.commands))


def _whole(section: Section) -> list[str]:
    return [each for each in (section.heading, section.text) if each]


def _pages(folder: Path) -> list[Path]:
    """Return the pages of a folder in order; none where it has no order.

    Numbered files follow each other, behind a README or index; without any, that is the
    tutorial, or an only file.
    """
    files = _markdown(folder)
    first = [path for path in files if path.stem.lower() in FIRST][:1]
    numbered = [path for path in files if NUMBERED.match(path.stem)]
    if len(numbered) > 1:
        return [*first, *sorted(numbered, key=_number)]
    return first or (files if len(files) == 1 else [])


def _number(path: Path) -> tuple[int, str]:
    match = NUMBERED.match(path.stem)
    return int(match[1]) if match else 0, path.name


def _markdown(folder: Path) -> list[Path]:
    found = (each for each in folder.iterdir() if each.suffix.lower() in MARKDOWN)
    return sorted(each for each in found if each.is_file())


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink() and not path.name.startswith(".")


def _named(path: Path) -> str:
    """Return a title made of a path's name: `02-run-it.md` becomes `Run it`."""
    words = re.sub(r"^[\d\W_]+|[\W_]+", " ", harmless(path.resolve().stem)).strip()
    return words[:1].upper() + words[1:] or "Tutorial"
