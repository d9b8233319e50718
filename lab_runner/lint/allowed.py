"""Comments that allow what a rule finds: `<!-- lint: allow RULE: why -->`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from checks.words import did_you_mean
from lab_runner.lint.subject import Finding, Subject
from lab_runner.model import Problem, Source

COMMENT = re.compile(r"\s*<!--\s*lint:\s*allow\s+([\w-]+)\s*(?::\s*(.*?))?\s*-->\s*")


def keep(problems: Iterable[Problem], subject: Subject) -> list[Problem]:
    """Leave out what a comment allows in its step, or from before the first in the file."""
    allowed = {path: list(_comments(subject, path)) for path in subject.files()}
    return [p for p in problems if not _is_allowed(p, allowed, subject)]


def faults(subject: Subject, rules: Iterable[str]) -> Iterator[Finding]:
    """Find comments that name no rule, or give no reason."""
    known = tuple(rules)
    for path in subject.files():
        for row, rule, reason in _comments(subject, path):
            place = Source(path, row)
            if rule not in known:
                near = did_you_mean(rule, known)
                yield Finding(place, f"there is no rule `{rule}`{near}", "Name one")
            elif not reason:
                yield Finding(
                    place,
                    f"this allows `{rule}` and does not say why",
                    f"Write `<!-- lint: allow {rule}: because … -->`",
                )


def _comments(subject: Subject, path: str) -> Iterator[tuple[int, str, str]]:
    for row, line in enumerate(subject.lines(path), 1):
        found = COMMENT.fullmatch(line)
        if found:
            yield row, found[1], found[2] or ""


def _is_allowed(
    problem: Problem,
    allowed: dict[str, list[tuple[int, str, str]]],
    subject: Subject,
) -> bool:
    return any(
        rule == problem.rule
        and reason
        and _section(subject, problem.source.path, row)
        in (0, _section(subject, problem.source.path, problem.source.line))
        for row, rule, reason in allowed.get(problem.source.path, ())
    )


def _section(subject: Subject, path: str, row: int) -> int:
    """Return the line on which the step of a line begins; 0 before the first."""
    starts = [s.source.line for s in subject.lab.steps if s.source.path == path]
    return max((start for start in starts if start <= row), default=0)
