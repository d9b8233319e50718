"""Steps: what the fences of a section become."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Literal

from lab_runner.formats import check_list, commands, questions
from lab_runner.formats.fences import Part
from lab_runner.formats.page import Page
from lab_runner.formats.prose import Prose
from lab_runner.formats.sections import Section
from lab_runner.formats.slugs import Ids
from lab_runner.model import Command, Question, Source, Step, Task

SHOWN_ROLES = ("type", "skip", "text")
COMMANDS: dict[str, Literal["type", "setup", "solution"]] = {
    "type": "type",
    "setup": "setup",
    "solution": "solution",
}


def read(section: Section, parts: Sequence[Part], prose: Prose, page: Page) -> Step:
    """Read one section, whose fences are `parts`."""
    return Step(
        id=section.id,
        title=section.title,
        body=prose.body(section),
        source=Source(page.faults.path, section.line),
        commands=tuple(_commands(parts, prose.folded, page)),
        tasks=tuple(_tasks(parts, section.id, page)),
        questions=tuple(_questions(parts, section.id, page)),
        hints=prose.hints(section),
    )


def refuse(parts: Iterable[Part], page: Page) -> None:
    """Note fences before the first step that would be lost there."""
    for part in parts:
        if part.role not in SHOWN_ROLES:
            page.faults.add(
                page.start(part.fence),
                f"a `{part.role}` fence stands before the first step",
                "Put it below a `##` heading",
            )


def _commands(
    parts: Iterable[Part], folded: Container[int], page: Page
) -> Iterator[Command]:
    """Yield commands; what is folded away is only typed when it says so."""
    for part in parts:
        role = COMMANDS.get(part.role)
        if role is None or (role == "type" and part.fence.first in folded):
            continue
        page.refuse_controls(part.fence)
        is_console = part.language == "console"
        text = commands.text(part.fence.text, is_console=is_console)
        if text:
            source = page.faults.source(page.inside(part.fence)(0, 0))
            yield Command(page.fill(text), role, source, part.machine)


def _tasks(parts: Iterable[Part], step_id: str, page: Page) -> Iterator[Task]:
    ids = Ids()
    for part in parts:
        if part.role == "check":
            yield from check_list.read(part.fence, step_id, ids, page)


def _questions(parts: Iterable[Part], step_id: str, page: Page) -> Iterator[Question]:
    for part in parts:
        if part.role == "question":
            question = questions.read(part.fence, step_id, page)
            if question:
                yield question
