"""What was written down of a machine while `labrun shell` watched it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from checks.doors.witness import Record, Witness
from checks.errors import CheckError
from checks.times import ago

ANEW = "do it again in `labrun shell`, which watches"
NAMES = {"containerd": "containerd's events", "kernel": "what runs on this machine"}


@dataclass(frozen=True, slots=True)
class Watched:
    """What one source told, and when somebody watched it; `name` is for sentences."""

    name: str
    events: Sequence[Record]
    marks: Sequence[Record]

    def require_whole(self, since: float) -> None:
        """Raise CheckError unless somebody has watched since then, and still does."""
        if not self.marks:
            raise CheckError(f"nobody watches {self.name} just now", ANEW)
        last = self.marks[-1]
        if not last["watching"]:
            message = f"{self.name} cannot be watched: {last['reason']}"
            raise CheckError(message, ANEW)
        if last["time"] > since:
            began = ago(time.time() - last["time"])
            raise CheckError(
                f"labrun watches {self.name} since {began}, and the step began before;"
                " it has not happened in this time",
                ANEW,
            )


def account(witness: Witness, source: str, address: str | None = None) -> Watched:
    """Return what this source told, of containerds the one that `address` means."""
    meant = (source, address or "")
    records = [
        each
        for each in witness.witnessed("event") or ()
        if (each.get("source"), each.get("address")) == meant
    ]
    return Watched(
        NAMES[source],
        [each for each in records if "topic" in each],
        [each for each in records if "watching" in each],
    )
