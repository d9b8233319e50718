"""A check inside another: what `any`, `all`, `not` and `same` are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from checks.errors import CheckError
from checks.verdict import Verdict, could_not_tell

if TYPE_CHECKING:
    from checks.check import Check
    from checks.doors.machine import Machine

DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Nested:
    """An entry as in a check list without the keys of a task; `depth` counts from 1.

    A kind takes one by a field of this type, or several by `tuple[Nested, ...]`.
    """

    kind: str
    check: Check
    depth: int

    def observe(self, machine: Machine) -> Verdict:
        """Run the check; what kept it from telling becomes an ERROR, not an exception."""
        try:
            return self.check.run(machine)
        except CheckError as error:
            return could_not_tell(error.message, error.remedy)
