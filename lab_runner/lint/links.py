"""Rules about links: what they lead to must be there, and inside the lab's folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from lab_runner import course
from lab_runner.errors import UsageError
from lab_runner.formats.slugs import slug
from lab_runner.lint.subject import Finding, Subject

ELSEWHERE = re.compile(r"[a-zA-Z][\w+.-]*:|//")
HEADING = re.compile(r"#{1,6}\s+(.*?)(?:\s*\{#([^{}\s]+)\})?\s*#*$")
PAGES = re.compile(r"(?:\.\./)+content/")
TARGETS = {"link_open": "href", "image": "src"}


def dead_links(subject: Subject) -> Iterator[Finding]:
    for step in subject.lab.steps:
        for target in _targets(step.body):
            fault = _fault(target, subject)
            if fault:
                written = unquote(target)
                place = subject.find(written, step)
                yield Finding(place, f"`{written}` {fault[0]}", fault[1])


def _targets(body: str) -> list[str]:
    inline = (t.children or () for t in MarkdownIt("commonmark").parse(body))
    return [_target(t) for children in inline for t in children if t.type in TARGETS]


def _target(token: Token) -> str:
    return str(token.attrs[TARGETS[token.type]])


def _fault(target: str, subject: Subject) -> tuple[str, str] | None:
    """Return what is wrong with a link and what to do, or None."""
    if ELSEWHERE.match(target):
        return None
    path, _, anchor = unquote(target).partition("#")
    if PAGES.match(path):
        return _page_fault(path)
    if not path:
        return _anchor_fault(anchor, subject)
    return _file_fault(subject.folder, path)


def _page_fault(path: str) -> tuple[str, str] | None:
    try:
        course.page(path)
    except UsageError as error:
        return "is no page of labrun", f"See {error.remedy}"
    return None


def _anchor_fault(anchor: str, subject: Subject) -> tuple[str, str] | None:
    found = {step.id for step in subject.lab.steps}
    for path in subject.files():
        headings = filter(None, map(HEADING.fullmatch, subject.lines(path)))
        for heading in headings:
            found |= {slug(heading[1]), heading[2]}
    if not anchor or anchor in found:
        return None
    return "is no heading of this lab", "Name one by its id"


def _file_fault(folder: Path, path: str) -> tuple[str, str] | None:
    home, wanted = folder.resolve(), (folder / path).resolve()
    if not wanted.is_relative_to(home):
        return "leads out of the lab's folder", "Put what it needs beside the lab"
    if not wanted.exists():
        return "is not there", "Write the file, or take the link out"
    return None
