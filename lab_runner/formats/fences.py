"""What each fence of a lab is for: its language and the word behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from checks.errors import SpecError
from checks.words import did_you_mean
from lab_runner.formats.details import is_comment
from lab_runner.formats.markdown import Fence
from lab_runner.formats.members import ATTRIBUTE
from lab_runner.formats.page import Page

SHELLS = ("bash", "sh", "shell", "console")
YAMLS = ("yaml", "yml")
ROLES = {
    **dict.fromkeys(SHELLS, ("setup", "solution", "skip")),
    **dict.fromkeys(YAMLS, ("check", "question")),
}
HOMES = {
    **dict.fromkeys(("setup", "solution", "skip"), "bash"),
    **dict.fromkeys(("check", "question"), "yaml"),
}
INFO = re.compile(r"([\w.+#-]*)(.*)", re.DOTALL)
BARE_WORD = re.compile(r"\s+([A-Za-z][A-Za-z-]*)\s*")
OPENING = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*([^\s`~].*)")
LAB_FENCE = re.compile(r"[\s>]*(?:`{3,}|~{3,})\s*ya?ml\s+(?:check|question)\b")


@dataclass(frozen=True, slots=True)
class Part:
    """A fence with its role: `type`, one of the words of `ROLES`, or `text`.

    `machine` is where its commands are typed, empty for the first machine of a lab.
    """

    role: str
    language: str
    fence: Fence
    machine: str = ""


def parts(page: Page) -> list[Part]:
    """Return all fences that are closed, and note everything wrong around fences."""
    _note_swallowed(page)
    return [_part(page, f) for f in page.document.fences if _is_sound(page, f)]


def _is_sound(page: Page, fence: Fence) -> bool:
    if not fence.is_closed:
        page.faults.add(
            page.start(fence),
            "this fence is not closed",
            f"Write {fence.marker} on a line of its own where it ends",
        )
        return False
    line = next(_openings(fence), None)
    if line is not None:
        page.faults.add(
            page.start(fence),
            f"this fence is still open where another begins on line {line}",
            f"Close it with {fence.marker} first, or begin it with {fence.marker}{fence.marker[0]}",
        )
    return line is None


def _openings(fence: Fence) -> Iterator[int]:
    """Yield the lines inside a fence that would open one just like it."""
    for number, line in enumerate(fence.text.split("\n"), fence.first + 2):
        match = OPENING.match(line)
        if match and match[1].startswith(fence.marker):
            yield number


def _part(page: Page, fence: Fence) -> Part:
    match = INFO.fullmatch(fence.info)
    language, rest = (match[1].lower(), match[2]) if match else ("", "")
    machine = ""
    if language in SHELLS:
        machine, rest = _machine(page, fence, rest)
    word = next(iter(rest.split()), "") if rest[:1].isspace() else ""
    if word in ROLES.get(language, ()):
        if language in YAMLS:
            _note_idle_machine(page, fence, rest)
        return Part(word, language, fence, machine)
    _judge(page, fence, language, rest)
    return Part("type" if language in SHELLS else "text", language, fence, machine)


def _machine(page: Page, fence: Fence, rest: str) -> tuple[str, str]:
    """Return the machine that a fence of commands names, and what else stands on it."""
    try:
        name, rest = page.members.attribute(rest)
        return page.members.member(name) if name else "", rest
    except SpecError as error:
        page.faults.add(page.start(fence), error.message, error.remedy)
    return "", rest


def _note_idle_machine(page: Page, fence: Fence, rest: str) -> None:
    idle = ATTRIBUTE.search(rest)
    if idle:
        page.faults.add(
            page.start(fence),
            f"`{idle[0]}` counts on commands only",
            f"Write `machine: {idle[2]}` in what this fence holds",
        )


def _judge(page: Page, fence: Fence, language: str, rest: str) -> None:
    """Note an info string that means a role but does not say it so that it counts.

    Attributes of other systems (`title="x"`, `{.line-numbers}`) mean none.
    """
    word = rest.strip(" \t{}[](),.:;=")
    is_bare = BARE_WORD.fullmatch(rest) is not None
    if language in HOMES:
        word = language
    if word in HOMES and (word != "skip" or language in ROLES):
        page.faults.add(
            page.start(fence),
            f"`{fence.info}` does not make this a `{word}` fence",
            f"Write `{HOMES[word]} {word}`",
        )
    elif is_bare and language in ROLES:
        known = ROLES[language]
        page.faults.add(
            page.start(fence),
            f"unknown word `{word}` on a `{language}` fence{did_you_mean(word, known)}",
            f"Leave it out, or write one of {', '.join(known)}",
        )


def _note_swallowed(page: Page) -> None:
    """Note checks that Markdown takes for HTML or for code by indentation."""
    commented = (b for b in page.document.html if is_comment(page.document, b))
    ignored = {block.first for block in commented}
    for block in (*page.document.html, *page.document.indented):
        if block.first in ignored:
            continue
        for number, line in enumerate(block.text.split("\n"), block.first + 1):
            if LAB_FENCE.match(line):
                page.faults.add(
                    (number, 1),
                    "this fence is not read: Markdown takes it for part of the block above",
                    "Put a blank line before it, and indent it like the text around it",
                )
