"""A track as a native lab."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from lab_runner.formats.draft import Draft
from lab_runner.formats.foreign import documents
from lab_runner.formats.foreign.documents import Document
from lab_runner.formats.foreign.headings import Headings, plain
from lab_runner.formats.foreign.notes import Notes, named
from lab_runner.formats.foreign.page import Page
from lab_runner.formats.foreign.page import title as page_title
from lab_runner.formats.foreign.texts import Text, Texts
from lab_runner.formats.foreign.values import text
from lab_runner.formats.instruqt import config, lifecycle
from lab_runner.formats.instruqt.challenge import Challenge
from lab_runner.formats.instruqt.hosts import Hosts
from lab_runner.formats.instruqt.lifecycle import Lifecycle
from lab_runner.formats.reading import Counts

NUMBERED = re.compile(r"(\d{1,9})-.*")
PAGE = "assignment.md"
TRACK_SCRIPTS = "track_scripts"
LONGEST = 10_000 * 60


class Track:
    """Writes a track into a draft; `folders` are those of its challenges.

    `counts` are what its pages offer to click on.
    """

    def __init__(self, found: Document, texts: Texts, notes: Notes) -> None:
        self.found = found
        self.texts = texts
        self.notes = notes
        self.draft = Draft(found.source())
        self.counts = Counts()
        self.folders = _folders(texts.folder)
        self._headings = Headings(self.draft)
        self._config = self._read_config()
        self._hosts = Hosts(self._host_names())
        self._lifecycle = Lifecycle(texts, self._hosts, self.draft, notes)

    def write(self) -> None:
        """Write all of it: facts, introduction and a step for each challenge."""
        self.draft.front(self._facts(), machines=self._hosts.machines)
        self._note_renamed()
        self._introduction()
        for number, folder in enumerate(self.folders, 1):
            self._challenge(folder, number)

    def _read_config(self) -> Document | None:
        name = next((each for each in config.NAMES if self.texts.path(each)), "")
        raw = self.texts.read(name, self.found.source()) if name else None
        found = documents.read(raw, self.notes) if raw else None
        if found:
            config.note_what_is_missing(found, self.notes)
        return found

    def _host_names(self) -> Sequence[str]:
        """Return the hosts that the track has, or at least those that scripts name."""
        known = config.hosts(self._config) if self._config else ()
        folders = [TRACK_SCRIPTS, *self.folders]
        return known or lifecycle.named_hosts(folders, self.texts)

    def _note_renamed(self) -> None:
        for name, member in self._hosts.renamed.items():
            source = (self._config or self.found).source(name)
            message = f"the host {named(name)} is called `{member}` here"
            advice = "Use that name to reach it"
            self.notes.add("changed", source, message, advice)

    def _facts(self) -> dict[str, str | int]:
        values = self.found.values
        images = ", ".join(config.images(self._config) if self._config else ())
        facts: dict[str, str | int] = {
            "title": plain(text(values, "title")) or self.texts.folder.resolve().name,
            "summary": text(values, "teaser"),
            "level": text(values, "level"),
            "made_for": f"{images} of Instruqt" if images else "Instruqt",
        }
        seconds = values.get("timelimit")
        if isinstance(seconds, int) and 60 <= seconds <= LONGEST:
            facts["minutes"] = seconds // 60
        return {key: value for key, value in facts.items() if value}

    def _introduction(self) -> None:
        said = self.found.values.get("description")
        if isinstance(said, str):
            place = self.found.source("description:")
            page = Text(place.path, "\n" * (place.line - 1) + said)
            Page(page, self.draft, self.notes, self.counts).write("")

    def _challenge(self, folder: str, number: int) -> None:
        page = self.texts.read(f"{folder}/{PAGE}", self.found.source())
        if page is None:
            return
        found = documents.read_page(page, self.notes)
        given = text(found.values, "title") or page_title(found.page)
        title = self._headings.write(given, f"Challenge {number}", found.source(given))
        folders = [TRACK_SCRIPTS, folder] if number == 1 else [folder]
        scripts = [script for each in folders for script in self._lifecycle.read(each)]
        self._lifecycle.prepare(scripts)
        writer = Challenge(found, self._hosts, self.draft, self.notes, self.counts)
        writer.write(title)
        self._lifecycle.solve(scripts)
        self._lifecycle.check(scripts, title)


def _folders(track: Path) -> list[str]:
    """Return the names of the folders of challenges: `2-b` comes before `10-a`."""
    return sorted((each.parent.name for each in track.glob(f"*/{PAGE}")), key=_order)


def _order(name: str) -> tuple[float, str]:
    found = NUMBERED.fullmatch(name)
    return (int(found[1]) if found else float("inf"), name)
