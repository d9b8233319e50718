"""A challenge, a tutorial or a lesson as a native lab."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from lab_runner.formats.draft import Draft
from lab_runner.formats.foreign import blocks, documents
from lab_runner.formats.foreign.blocks import Lines
from lab_runner.formats.foreign.documents import Document
from lab_runner.formats.foreign.headings import Headings, plain
from lab_runner.formats.foreign.notes import Notes, named
from lab_runner.formats.foreign.page import Page
from lab_runner.formats.foreign.texts import Text, Texts
from lab_runner.formats.foreign.values import listed, mapping, text
from lab_runner.formats.iximiuz import mdc, tasks
from lab_runner.formats.iximiuz.judging import KEPT, Judging
from lab_runner.formats.iximiuz.tasks import Task
from lab_runner.formats.reading import Counts
from lab_runner.formats.slugs import Ids
from lab_runner.model import Source

HEADING = re.compile(r"##[ \t]+(.*?)[ \t#]*")
SOLUTION = re.compile(r"solution(?:-\d+)?\.md")


class Content:
    """Writes a page into a draft; `counts` are what it offers to type."""

    def __init__(self, found: Document, texts: Texts, notes: Notes) -> None:
        self.found = found
        self.texts = texts
        self.notes = notes
        self.draft = Draft(found.source())
        self.counts = Counts()
        self.title = plain(text(found.values, "title"))
        self._page = mdc.convert(found.page, notes)
        self._tasks = tasks.read(found)
        answers = {
            name: each.properties.get("destination") or f"{KEPT}/{name}.input"
            for each in self._page.tasks
            if each.name == "user-input-task"
            and (name := each.properties.get("name", ""))
        }
        self._answers = answers
        self._judging = Judging(self._tasks, answers, notes)
        self._titles = Ids()
        self._written: dict[str, str] = {}

    def write(self) -> None:
        """Write all of it: facts, then a step for each `##` of the page."""
        self.draft.front(self._facts())
        headings = Headings(self.draft)
        sections = list(_sections(self._page.text))
        for nth, (title, page) in enumerate(sections):
            headings.write(title, self.title or "Begin", page.source(1))
            if nth == 0:
                self._prepare()
            Page(page, self.draft, self.notes, self.counts).write(self.title)
            last = nth + 1 == len(sections)
            self._check(page, is_last=last)
            if last:
                self._solve()

    def _facts(self) -> dict[str, str | int]:
        values = self.found.values
        playground = mapping(values.get("playground"))
        name = text(playground, "name")
        if name:
            message = f"this lab is made for {named(name)}, which is not here"
            advice = "See which packages and images it takes"
            self.notes.add("changed", self.found.source(name), message, advice)
        if len(listed(playground.get("machines"))) > 1:
            source = self.found.source("machines:")
            message = "all machines of this lab are one here"
            self.notes.add("changed", source, message, "Write a lab with `machines:`")
        facts: dict[str, str | int] = {
            "title": self.title or self.texts.folder.resolve().name,
            "summary": text(values, "description"),
            "level": text(values, "difficulty"),
            "made_for": f"{name} of iximiuz Labs" if name else "iximiuz Labs",
        }
        return {key: value for key, value in facts.items() if value}

    def _prepare(self) -> None:
        for task in self._tasks.values():
            script = self._judging.preparation(task) if task.is_init else ""
            if script:
                self.draft.fence("bash setup", script, self._source(task))

    def _check(self, page: Text, *, is_last: bool) -> None:
        """Write the checks of the tasks that the page shows; the last has the others."""
        end = page.content.count("\n") + 1
        for component in self._page.tasks:
            task = self._tasks.get(component.properties.get("name", ""))
            if component.line <= end and task and task.name not in self._written:
                self._task(task, component.said("active"))
        for task in self._tasks.values() if is_last else ():
            if task.name not in self._written and not (task.is_init or task.is_helper):
                self._task(task, "")

    def _task(self, task: Task, said: str) -> None:
        script = self._judging.verdict(task)
        if not script:
            return
        if path := self._answers.get(task.name):
            line = f"Write your answer into `{path}`."
            self.draft.paragraph([(line, self._source(task))])
        title = self._titles.unique(plain(said) or task.name.replace("_", " "))
        entry = {"shell": script, "name": title, "timeout": f"{task.seconds}s"}
        if task.user != "root":
            entry["user"] = task.user
        self._note_needs(task)
        self._written[task.name] = title
        self.draft.check(entry, self._source(task))

    def _note_needs(self, task: Task) -> None:
        waits = [each for each in task.needs if each in self._tasks]
        late = [n for n in waits if not self._tasks[n].is_init]
        for name in [*late, *(n for n in task.needs if n not in self._tasks)]:
            message = f"{named(task.name)} does not wait for {named(name)} here"
            advice = "Write `needs:` in the check"
            self.notes.add("dropped", self._source(task), message, advice)

    def _solve(self) -> None:
        """Write the solutions that stand beside the page, folded away."""
        names = sorted(each.name for each in self.texts.folder.iterdir())
        for name in filter(SOLUTION.fullmatch, names):
            found = self.texts.read(name, self.found.source())
            if found:
                solved = documents.read_page(found, self.notes)
                page = mdc.convert(solved.page, self.notes).text
                opening = "<details><summary>Solution</summary>"
                self.draft.paragraph([(opening, page.source(1))])
                Page(page, self.draft, self.notes, self.counts, fold="Solution").write(
                    ""
                )
                self.draft.paragraph([("</details>", page.source(1))])

    def _source(self, task: Task) -> Source:
        return self.found.text.source(task.line)


def _sections(page: Text) -> Iterator[tuple[str, Text]]:
    """Yield title and text of each section of a page, on the lines it has there."""
    lines = page.content.split("\n")
    rows = [row for row in _headings(page) if any(lines[:row])]
    bounds = [0, *rows, len(lines)]
    for first, last in pairwise(bounds):
        begun = next((n for n in range(first, last) if lines[n].strip()), first)
        heading = HEADING.fullmatch(lines[begun]) if begun < last else None
        body = ["", *lines[begun + 1 : last]] if heading else lines[begun:last]
        yield (
            heading[1] if heading else "",
            Text(page.path, "\n" * begun + "\n".join(body)),
        )


def _headings(page: Text) -> Sequence[int]:
    """Return the numbers, from 0, of the lines that begin a section."""
    return [
        block.first - 1 + row
        for block in blocks.split(page.content)
        if isinstance(block, Lines)
        for row, line in enumerate(block.lines)
        if HEADING.fullmatch(line)
    ]
