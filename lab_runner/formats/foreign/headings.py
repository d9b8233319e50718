"""Headings of steps, of titles that were not written for Markdown."""

from __future__ import annotations

import re

from lab_runner.formats.draft import Draft
from lab_runner.formats.slugs import Ids, slug
from lab_runner.model import Source

MARK_UP = re.compile(r"[\[\]<>{}`*_\\#]")
LONGEST = 200


def plain(title: str) -> str:
    """Return a title without anything that Markdown would take for its own."""
    return MARK_UP.sub("", title).strip()[:LONGEST]


class Headings:
    """Writes the headings of a lab's steps, each with an id of its own."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._ids = Ids()

    def write(self, given: str, usual: str, source: Source) -> str:
        """Begin a step and return its title, which is `usual` where none is given."""
        title = plain(given) or usual
        ascii_title = title.encode("ascii", "ignore").decode()
        step_id = self._ids.unique(slug(ascii_title).strip("_") or slug(usual))
        self._draft.heading(title, step_id, source)
        return title
