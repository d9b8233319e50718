"""Sections of a lab: the introduction and the steps, one for each `##`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from lab_runner.formats.markdown import Heading, inline_text
from lab_runner.formats.page import Page
from lab_runner.formats.slugs import Ids, slug

T = TypeVar("T")
ATTRIBUTES = re.compile(r"\{#([^{}]*)\}$")
ID = re.compile(r"[A-Za-z0-9][\w-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Section:
    """The lines below a heading, from 0; the introduction has no title and no id.

    `line` is that of the heading, from 1.
    """

    id: str
    title: str
    first: int
    last: int
    line: int = 1


def title(page: Page) -> tuple[str, Heading | None]:
    """Return the lab's title as the first `#` heading says it, and that heading."""
    for heading in page.document.headings:
        if heading.level == 1:
            return _titled(page, heading)[1], heading
    return "", None


def split(page: Page, folded: Container[int], *, is_plain: bool) -> list[Section]:
    """Return the introduction and the steps; notes bad titles and ids.

    `folded` are the lines inside `<details>`. In a plain tutorial steps of the same
    title get `-2`; in a lab, whose progress is keyed by them, they are an error.
    """
    headings = [
        heading
        for heading in page.document.headings
        if heading.level == 2 and heading.first not in folded
    ]
    bounds = [h.first for h in headings] + [page.document.text.count("\n")]
    ids, firsts = Ids(), dict[str, int]()
    sections = [Section("", "", 0, bounds[0])]
    for heading, end in zip(headings, bounds[1:], strict=True):
        base, text = _titled(page, heading)
        step_id = ids.unique(base)
        if step_id != base and not is_plain:
            _note_twice(page, heading, base, firsts[base])
        if not text:
            _note_untitled(page, heading)
        line = heading.first + 1
        firsts[step_id] = line
        sections.append(Section(step_id, text, heading.last, end, line))
    return sections


def gather(
    found: Sequence[Section], items: Iterable[T], row: Callable[[T], int]
) -> list[list[T]]:
    """Return the items of each section, by the line (from 0) each of them is on."""
    firsts = [section.first for section in found]
    gathered: list[list[T]] = [[] for _ in found]
    for item in items:
        gathered[bisect_right(firsts, row(item)) - 1].append(item)
    return gathered


def _titled(page: Page, heading: Heading) -> tuple[str, str]:
    """Return the id of a heading, and its title as the learner sees it."""
    given = ATTRIBUTES.search(heading.text)
    words = heading.text[: given.start()] if given else heading.text
    text = inline_text(words.rstrip(), page.document.links)
    step_id = _given_id(page, heading, given[1]) if given else ""
    return step_id or slug(page.references.named(text)) or "step", page.fill(text)


def _given_id(page: Page, heading: Heading, attributes: str) -> str:
    step_id = attributes.partition(" ")[0]
    if not ID.fullmatch(step_id):
        page.faults.add(
            page.start(heading),
            f"`{{#{attributes}}}` is not an id",
            "Write letters, digits, `-` and `_`, such as `{#install}`",
        )
    return step_id


def _note_twice(page: Page, heading: Heading, step_id: str, first: int) -> None:
    page.faults.add(
        page.start(heading),
        f"the step id `{step_id}` is taken by the step on line {first}",
        "Give one of them an id of its own: `## Title {#another-id}`",
    )


def _note_untitled(page: Page, heading: Heading) -> None:
    page.faults.add(
        page.start(heading), "this step has no title", "Write one: `## Pull an image`"
    )
