"""The kind `not`: a check that must not hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from checks.combine.parts import Part, clause
from checks.doors.machine import Machine
from checks.nested import Nested
from checks.verdict import Status, Verdict, failed, passed


@dataclass(frozen=True, slots=True)
class Not:
    """A check that must not hold: passes when it was seen to fail, and only then.

        - not:
            port: 8080
            address: 0.0.0.0

    What could not be looked at proves nothing and stays "could not tell". For an object
    that must not be there at all, `exists: false` on its own kind reads better.
    """

    FACTS: ClassVar = ("check",)

    check: Nested
    """A check as in the list of a fence, without the keys of a task."""

    def run(self, machine: Machine) -> Verdict:
        part = Part(self.check.kind, self.check.observe(machine))
        verdict, facts = part.verdict, {"check": part.facts}
        match verdict.status:
            case Status.PASSED:
                told = f"This must not be so: {clause(verdict.summary)}"
                return failed(told, facts=facts)
            case Status.FAILED:
                return passed(verdict.summary, facts)
        return Verdict(Status.ERROR, verdict.summary, hint=verdict.hint, facts=facts)
