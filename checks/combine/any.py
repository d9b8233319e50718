"""The kind `any`: one of several checks holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from checks.combine import parts
from checks.combine.parts import Part
from checks.doors.machine import Machine
from checks.nested import Nested
from checks.verdict import Status, Verdict, failed, passed


@dataclass(frozen=True, slots=True)
class Any:
    """At least one of several checks holds; the first that does ends the search.

        - any:
            - command: ctr
            - file: /snap/bin/microk8s.ctr

    When none of them holds, the failure tells what was found for each; when one of
    those that do not hold could not be looked at, nothing is told.
    """

    FACTS: ClassVar = ("checks",)

    checks: tuple[Nested, ...]
    """Checks as in the list of a fence, without the keys of a task."""

    def run(self, machine: Machine) -> Verdict:
        tried = []
        for part in parts.each(self.checks, machine):
            tried.append(part)
            if part.status is Status.PASSED:
                return passed(part.verdict.summary, parts.facts(tried))
        unknown = [part for part in tried if part.status is not Status.FAILED]
        return _untold(unknown[0], tried) if unknown else _none(tried)


def _untold(unknown: Part, tried: Sequence[Part]) -> Verdict:
    verdict = unknown.verdict
    return Verdict(
        Status.ERROR, verdict.summary, hint=verdict.hint, facts=parts.facts(tried)
    )


def _none(tried: Sequence[Part]) -> Verdict:
    told = "; ".join(parts.clause(part.verdict.summary) for part in tried)
    hints = dict.fromkeys(part.verdict.hint for part in tried if part.verdict.hint)
    summary = f"None of these holds: {told}" if len(tried) > 1 else told
    return failed(summary, hint=", or ".join(hints), facts=parts.facts(tried))
