"""A challenge of a track as a step: what is read, what is typed, and its quiz."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lab_runner.formats.draft import Draft
from lab_runner.formats.foreign.documents import Document
from lab_runner.formats.foreign.notes import Notes, named
from lab_runner.formats.foreign.page import Page
from lab_runner.formats.foreign.texts import Text
from lab_runner.formats.foreign.values import listed, mapping, text
from lab_runner.formats.instruqt import quiz, variables
from lab_runner.formats.instruqt.hosts import Hosts
from lab_runner.formats.reading import Counts


@dataclass(frozen=True, slots=True)
class Challenge:
    """Writes the page of a challenge into a draft."""

    found: Document
    hosts: Hosts
    draft: Draft
    notes: Notes
    counts: Counts

    def write(self, title: str) -> None:
        """Write what is shown while the challenge loads, its page and its quiz."""
        for note in self._each("notes"):
            self._note(note)
        self._page(self.found.page, title, self._machine())
        if text(self.found.values, "type") == "quiz":
            quiz.write(self.found, self.draft, self.notes)

    def _note(self, note: Mapping[str, Any]) -> None:
        said, url = note.get("contents"), text(note, "url")
        if isinstance(said, str):
            place = self.found.source(said.split("\n")[0])
            self._page(Text(place.path, "\n" * (place.line - 1) + said), "")
        elif url:
            message = f"{named(url)} is not shown before this challenge"
            advice = "Link to it in the text"
            self.notes.add("dropped", self.found.source(url), message, advice)

    def _machine(self) -> str:
        """Return the machine of the first terminal; other tabs are noted."""
        terminals = []
        for tab in self._each("tabs"):
            kind, title = text(tab, "type"), text(tab, "title")
            if kind == "terminal":
                terminals.append(self.hosts.machine(text(tab, "hostname")))
            elif kind:
                message = (
                    f"there is no tab {named(title or kind)} of the type {named(kind)}"
                )
                advice = "Say how to reach it from the machine"
                source = self.found.source(title or kind)
                self.notes.add("changed", source, message, advice)
        return next(iter(terminals), "")

    def _page(self, page: Text, title: str, machine: str = "") -> None:
        filled = variables.replaced(page, self.notes)
        Page(filled, self.draft, self.notes, self.counts, machine=machine).write(title)

    def _each(self, key: str) -> Iterator[Mapping[str, Any]]:
        return map(mapping, listed(self.found.values.get(key)))
