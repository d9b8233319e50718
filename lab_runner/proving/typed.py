"""The witness of a proof: the commands that were typed for the learner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from checks.doors.witness import Record
from lab_runner.engine import Door, DoorOf
from lab_runner.replay import Replay


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed on one machine; nobody watches a containerd's events."""

    shells: Replay
    machine: str
    since: float

    def witnessed(self, kind: Literal["command", "event"]) -> Sequence[Record] | None:
        if kind == "event":
            return None
        return [r for r in self.shells.records if r["machine"] == self.machine]

    @classmethod
    def doors(cls, shells: Replay, door_of: DoorOf, since: float) -> DoorOf:
        """Return doors whose checks may ask what was typed."""

        def witnessed(machine: str) -> Door:
            door = door_of(machine)
            door.witness = cls(shells, machine, since)
            return door

        return witnessed
