"""The protocol every kind of check follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

if TYPE_CHECKING:
    from checks.doors.machine import Machine
    from checks.verdict import Verdict


class Check(Protocol):
    """One thing that can be true of a machine.

    A kind is a frozen slotted dataclass whose fields are its YAML keys; the first
    field takes the value written after the kind's name. Its docstring is its page in
    the guide and holds one YAML example. `FACTS` names what it observes of an object
    that is there. `NARROWED_BY` names the keys that choose which objects are meant: no
    other condition may stand beside `exists: false`.
    """

    FACTS: ClassVar[tuple[str, ...]]

    def run(self, machine: Machine) -> Verdict:
        """Observe the machine once and decide; raises only `CheckError`."""
