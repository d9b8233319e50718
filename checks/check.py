"""The protocol every kind of check follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

if TYPE_CHECKING:
    from checks.doors.machine import Machine
    from checks.verdict import Verdict


class Check(Protocol):
    """One thing that can be true of a machine.

    A kind is a frozen slotted dataclass whose fields are its YAML keys; the first
    field takes the value written after the kind's name. Its page in the guide is made
    of its docstring, which holds one YAML example, and of the string below each field,
    which says what the key means (`checks.host.port` shows how). `FACTS` names what it
    observes of an object that is there. `NARROWED_BY` names the keys that choose which
    objects are meant: no other condition may stand beside `exists: false`. `WORDS` maps
    a key to all it can ever be, where its matcher compares with one of a few words.
    """

    FACTS: ClassVar[tuple[str, ...]]

    def run(self, machine: Machine) -> Verdict:
        """Observe the machine once and decide; raises only `CheckError`."""
