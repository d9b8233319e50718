"""The witness of a lab's checks: what was recorded of one machine, and since when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from lab_runner.recording import commands, events


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded of a machine during a lab; `since` is when the step began."""

    lab: str
    machine: str
    since: float

    def witnessed(
        self, kind: Literal["command", "event"]
    ) -> Sequence[Mapping[str, Any]] | None:
        if kind == "event":
            return events.read(self.lab, self.machine)
        if self.machine not in commands.watched(self.lab):
            return None
        found = [asdict(command) for command in commands.read(self.lab)]
        return [each for each in found if each["machine"] == self.machine]
