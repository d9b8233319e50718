"""Verdicts: what a check found, as plain text and JSON-able facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

Facts = Mapping[str, Any]


class Status(Enum):
    """The four outcomes; only PASSED passes, ERROR means "could not tell"."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of one check.

    `summary` is one sentence that names what was found; `expected` and `actual` are
    short texts, empty where they would only repeat the summary; `hint` is the command
    that mends it; `facts` is the observed object, JSON-able.
    """

    status: Status
    summary: str
    expected: str = ""
    actual: str = ""
    hint: str = ""
    facts: Facts = field(default_factory=dict)


def passed(summary: str, facts: Facts | None = None) -> Verdict:
    return Verdict(Status.PASSED, summary, facts=facts or {})


def failed(
    summary: str,
    *,
    expected: str = "",
    actual: str = "",
    hint: str = "",
    facts: Facts | None = None,
) -> Verdict:
    return Verdict(Status.FAILED, summary, expected, actual, hint, facts or {})


def could_not_tell(message: str, remedy: str = "") -> Verdict:
    """Return the ERROR of a check that was kept from telling, as the errors word it."""
    return Verdict(Status.ERROR, message[:1].upper() + message[1:], hint=remedy)
