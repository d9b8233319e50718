"""The kind `all`: several checks hold together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from checks.combine import parts
from checks.doors.machine import Machine
from checks.nested import Nested
from checks.verdict import Status, Verdict, passed


@dataclass(frozen=True, slots=True)
class All:
    """Every one of several checks holds: one tick for facts that belong together.

        - all:
            - package: containerd
            - command: ctr

    The first that does not hold is told as it tells itself; what could not be looked at
    matters only when nothing has failed.
    """

    FACTS: ClassVar = ("checks",)

    checks: tuple[Nested, ...]
    """Checks as in the list of a fence, without the keys of a task."""

    def run(self, machine: Machine) -> Verdict:
        tried = []
        for part in parts.each(self.checks, machine):
            tried.append(part)
            if part.status is Status.FAILED:
                return replace(part.verdict, facts=parts.facts(tried))
        for part in tried:
            if part.status is not Status.PASSED:
                return replace(part.verdict, facts=parts.facts(tried))
        told = "; ".join(parts.clause(part.verdict.summary) for part in tried)
        return passed(told, parts.facts(tried))
