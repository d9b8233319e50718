"""Rules about text that is not what it looks like, and scripts from elsewhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from lab_runner.characters import code_point
from lab_runner.lint.subject import Finding, Subject
from lab_runner.model import Source

HIDDEN = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
"""Marks of direction and characters without width; Unicode's Trojan Source."""
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
FETCHED = re.compile(
    r"\b(?:curl|wget)\b[^|;&]*\|\s*(?:sudo\s+(?:-\w+\s+)*)?(?:ba|z|da)?sh\b"
)


def hidden_characters(subject: Subject) -> Iterator[Finding]:
    for path in subject.files():
        for row, line in enumerate(subject.lines(path), 1):
            found = HIDDEN.search(line) or CONTROL.search(line)
            if found:
                name = unicodedata.name(found[0], "a control character")
                yield Finding(
                    Source(path, row, found.start() + 1),
                    f"{code_point(found[0])}, {name.lower()}, cannot be seen here",
                    "Take it out",
                )


def fetched_scripts(subject: Subject) -> Iterator[Finding]:
    for step in subject.lab.steps:
        for command in step.commands:
            if FETCHED.search(command.text):
                yield Finding(
                    command.source,
                    "this runs a script that another host may change at any time",
                    "Save it, let the learner read it, and name its version",
                )


def crlf_scripts(subject: Subject) -> Iterator[Finding]:
    """Find scripts that the kernel does not start: their first line ends in CR."""
    specs = (subject.lab.machine, *subject.lab.machines.values())
    for file in (file for spec in specs for file in spec.files):
        if file.content.startswith("#!") and "\r\n" in file.content:
            place = Source(file.source, 1) if file.source else subject.lab.source
            yield Finding(
                place,
                f"the lines of the script `{file.path}` end as on Windows",
                "Save it with `\\n` at the ends of lines",
            )
