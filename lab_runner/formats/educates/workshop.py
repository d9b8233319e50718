"""A workshop as a native lab."""

from __future__ import annotations

import os
from collections.abc import Iterator

from lab_runner.formats.draft import Draft
from lab_runner.formats.educates import assets, definition, pages, settings
from lab_runner.formats.educates.examiner import Examiner
from lab_runner.formats.educates.page import WorkshopPage
from lab_runner.formats.educates.pages import Step
from lab_runner.formats.educates.variables import Variables
from lab_runner.formats.files import as_shown
from lab_runner.formats.foreign import scripts
from lab_runner.formats.foreign.documents import Document
from lab_runner.formats.foreign.headings import Headings, plain
from lab_runner.formats.foreign.notes import Notes, named
from lab_runner.formats.foreign.page import title as page_title
from lab_runner.formats.foreign.texts import Text, Texts
from lab_runner.formats.foreign.values import mapping, text
from lab_runner.formats.reading import Counts
from lab_runner.model import Source

SETUP = "workshop/setup.d"
EXERCISES = "exercises"
LINK = "ln -sfn ~ /home/eduk8s"
"""Scripts name the home of Educates' user outright."""


class Workshop:
    """Writes a workshop into a draft; `counts` are what its pages offer to click on."""

    def __init__(self, found: Document, texts: Texts, notes: Notes) -> None:
        self.found = found
        self.texts = texts
        self.notes = notes
        self.draft = Draft(found.source())
        self.counts = Counts()
        self._settings = settings.read(texts, notes)
        self.steps = pages.read(self._settings, texts, notes)
        self._headings = Headings(self.draft)
        self._examiner = Examiner(texts, self.draft, notes)
        self._variables = Variables(
            self._own_variables() | dict(self._settings.variables),
            self._settings.is_classic,
            notes,
            self.counts,
        )

    def write(self) -> None:
        """Write all of it: facts, files, preparation and a step for each page."""
        definition.note_what_is_missing(self.found, self.notes)
        self.draft.front(self._facts(), assets.read(self.texts, self.notes))
        vendor = plain(text(definition.spec(self.found), "vendor"))
        if vendor:
            self.draft.paragraph([(f"By {vendor}.", self.found.source(vendor))])
        for number, step in enumerate(self.steps, 1):
            self._step(step, number)

    def _facts(self) -> dict[str, str | int]:
        spec, image = definition.spec(self.found), definition.image(self.found)
        facts: dict[str, str | int] = {
            "title": plain(text(spec, "title")) or self.texts.folder.resolve().name,
            "summary": text(spec, "description"),
            "level": text(spec, "difficulty"),
            "made_for": f"{image} of Educates" if image else "Educates",
            "minutes": definition.minutes(self.found),
        }
        return {key: value for key, value in facts.items() if value}

    def _own_variables(self) -> dict[str, str]:
        spec = definition.spec(self.found)
        return {
            "workshop_name": text(mapping(self.found.values.get("metadata")), "name"),
            "workshop_title": text(spec, "title"),
            "workshop_description": text(spec, "description"),
        }

    def _step(self, step: Step, number: int) -> None:
        page = self._variables.fill(step.page.page)
        given = text(step.page.values, "title") or step.title or page_title(page)
        source = step.page.source(given)
        title = self._headings.write(given, f"Step {number}", source)
        if number == 1:
            self._prepare()
        folder = f"~/{EXERCISES}" if (self.texts.folder / EXERCISES).is_dir() else ""
        WorkshopPage(
            page, self.draft, self.notes, self.counts, self._examiner, folder=folder
        ).write(title)

    def _prepare(self) -> None:
        self.draft.fence("bash setup", LINK, self.found.source())
        for script in self._setup_scripts():
            preparation = scripts.preparation(script, self.notes)
            if preparation:
                self.draft.fence("bash setup", preparation, script.source(1))

    def _setup_scripts(self) -> Iterator[Text]:
        """Yield the scripts that run when a session starts, in their order."""
        folder = self.texts.folder / SETUP
        names = sorted(each.name for each in folder.glob("*.sh"))
        for name in names:
            found = self.texts.read(
                f"{SETUP}/{name}", Source(as_shown(folder / name), 1)
            )
            if found and not os.access(folder / name, os.X_OK):
                message = f"{named(name)} is not executable"
                self.notes.add("repaired", found.source(1), message, "chmod +x it")
            if found:
                yield found
