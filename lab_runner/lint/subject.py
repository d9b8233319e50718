"""What the rules look at, and what they say of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lab_runner.model import Lab, Problem, Severity, Source, Step


@dataclass(frozen=True)
class Subject:
    """A lab that was read, with the files it was read from."""

    lab: Lab

    @cached_property
    def folder(self) -> Path:
        """The folder that relative links start from."""
        return Path(self.lab.source.path).parent

    def lines(self, path: str) -> list[str]:
        """Return a file's lines; none where it cannot be read any more."""
        try:
            text = Path(path).read_text(encoding="utf-8-sig", errors="replace")
        except OSError:
            return []
        return text.splitlines()

    def files(self) -> list[str]:
        """Return the Markdown files of the lab: most labs have one."""
        sources = (self.lab.source, *(step.source for step in self.lab.steps))
        return list(dict.fromkeys(source.path for source in sources))

    def find(self, written: str, step: Step) -> Source:
        """Return where something is written in a step; else where the step begins."""
        first = step.source.line - 1
        for row, line in enumerate(self.lines(step.source.path)[first:], first + 1):
            if written in line:
                return Source(step.source.path, row, line.index(written) + 1)
        return step.source


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found, and what to do about it; both without their full stops."""

    source: Source
    message: str
    advice: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that lint looks for; `meaning` is its line in the guide."""

    id: str
    meaning: str
    find: Callable[[Subject], Iterable[Finding]]
    severity: Severity = "warning"

    def problems(self, subject: Subject) -> Iterable[Problem]:
        for found in self.find(subject):
            yield Problem(
                found.source, found.message, found.advice, self.severity, self.id
            )
