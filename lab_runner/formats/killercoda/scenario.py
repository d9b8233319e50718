"""A scenario as a native lab."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lab_runner.formats.draft import Draft
from lab_runner.formats.foreign import headings, scripts, values
from lab_runner.formats.foreign.headings import Headings
from lab_runner.formats.foreign.notes import Notes, named
from lab_runner.formats.foreign.prose import Folds
from lab_runner.formats.foreign.texts import Text, Texts
from lab_runner.formats.killercoda import assets, page
from lab_runner.formats.killercoda.index import Index
from lab_runner.formats.killercoda.page import Page
from lab_runner.formats.reading import Counts

PREPARING = ("background", "courseData", "foreground", "code")
MINUTES = re.compile(r"\d{1,4}")
TIMEOUT = "60s"


class Scenario:
    """Writes a scenario into a draft; `counts` are what its pages offer to click on."""

    def __init__(self, found: Index, folder: Path, notes: Notes) -> None:
        self.index = found
        self.notes = notes
        self.texts = Texts(folder, notes)
        self.draft = Draft(found.source())
        self.counts = Counts()
        self.title = headings.plain(found.text("title")) or folder.name
        self._headings = Headings(self.draft)

    def write(self) -> None:
        """Write all of it: facts, introduction, steps and what is said at the end."""
        files = assets.read(self.index, self.texts, self.notes)
        self.draft.front(self._facts(), files)
        steps = self.index.steps
        self._note_pages_named_twice()
        self._introduction(self.index.page("intro"))
        for number, step in enumerate(steps, 1):
            self._step(step, f"Step {number}")
        finish = self.index.page("finish")
        if finish or not steps:
            self._step(finish, "Finish" if steps else self.title)

    def _facts(self) -> dict[str, str | int]:
        image = self.index.image
        facts: dict[str, str | int] = {
            "title": self.title,
            "summary": self.index.text("description"),
            "level": self.index.text("difficulty"),
            "made_for": f"{image} of Killercoda" if image else "Killercoda",
        }
        minutes = MINUTES.match(self.index.text("time"))
        if minutes and int(minutes[0]):
            facts["minutes"] = min(int(minutes[0]), 10_000)
        if image:
            message = f"this lab is made for {named(image)}, which is not here"
            advice = "See which packages and images it takes"
            self.notes.add("changed", self.index.source(image), message, advice)
        return {key: value for key, value in facts.items() if value}

    def _introduction(self, intro: Mapping[str, Any]) -> None:
        """Write the introduction: a step of its own if there is anything to do in it."""
        if not intro:
            return
        text = self._text(intro)
        does = [key for key in (*PREPARING, "verify") if values.text(intro, key)]
        if does or (text and page.has_commands(text)):
            self._step(intro, "Introduction", text)
        elif text:
            self._page(text, values.text(intro, "title"))

    def _step(
        self, step: Mapping[str, Any], usual: str, text: Text | None = None
    ) -> None:
        text = text or self._text(step)
        given = values.text(step, "title") or (page.title(text) if text else "")
        title = self._headings.write(given, usual, self.index.source(given))
        self._prepare(step)
        if text:
            self._page(text, title)
        self._help(step)
        self._verify(step, title)

    def _prepare(self, step: Mapping[str, Any]) -> None:
        for key in PREPARING:
            script = self._named(step, key)
            text = script and scripts.preparation(script, self.notes)
            if script and text:
                self.draft.fence("bash setup", text, script.source(1))

    def _verify(self, step: Mapping[str, Any], title: str) -> None:
        script = self._named(step, "verify")
        text = script and scripts.verification(script, self.notes)
        if script and text:
            entry = {"shell": text, "name": title, "timeout": TIMEOUT}
            self.draft.check(entry, script.source(1))

    def _help(self, step: Mapping[str, Any]) -> None:
        """Write hint and answer, which name a file or are the text themselves."""
        for key, summary in (("hint", "Hint"), ("answer", "Solution")):
            words = step.get(key)
            if not isinstance(words, str) or not words.strip():
                continue
            source = self.index.source(values.text(step, key))
            text: Text | None = Text(source.path, words)
            if self.texts.path(words) or not re.search(r"\s", words):
                text = self._named(step, key)
            if text:
                opening = f"<details><summary>{summary}</summary>"
                self.draft.paragraph([(opening, source)])
                self._page(text, "", summary)
                self.draft.paragraph([("</details>", source)])

    def _page(self, text: Text, title: str, fold: str = "") -> None:
        Page(text, self.draft, self.notes, self.counts, Folds(fold)).write(title)

    def _text(self, step: Mapping[str, Any]) -> Text | None:
        """Read the page of a step, of which some are scripts."""
        text = self._named(step, "text")
        if text and text.path.endswith(".sh"):
            return Text(text.path, f"```bash\n{text.content.rstrip()}\n```\n")
        return text

    def _named(self, step: Mapping[str, Any], key: str) -> Text | None:
        name = values.text(step, key)
        return self.texts.read(name, self.index.source(name)) if name else None

    def _note_pages_named_twice(self) -> None:
        names = Counter(values.text(step, "text") for step in self.index.steps)
        for name, count in names.items():
            if name and count > 1:
                message = f"{count} steps have the page {named(name)}"
                source = self.index.source(name)
                self.notes.add("suspect", source, message, "Give each its own")
