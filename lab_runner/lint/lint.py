"""A lab looked through by all rules."""

from __future__ import annotations

from lab_runner.lint import allowed
from lab_runner.lint.rules import RULES
from lab_runner.lint.subject import Rule, Subject
from lab_runner.model import Lab, Problem

COMMENTS = Rule(
    "allow-comment",
    "A comment that allows something names no rule, or gives no reason.",
    lambda subject: allowed.faults(subject, (rule.id for rule in RULES)),
)


def problems(lab: Lab) -> list[Problem]:
    """Return everything that the rules find in a lab, in the order of its text."""
    subject = Subject(lab)
    found = (p for rule in (*RULES, COMMENTS) for p in rule.problems(subject))
    return sorted(allowed.keep(found, subject), key=place)


def place(problem: Problem) -> tuple[str, int, int, str]:
    source = problem.source
    return source.path, source.line, source.column, problem.rule
