"""What containerd told while `labrun shell` watched it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from checks.doors.witness import Record, Witness
from checks.errors import CheckError
from checks.times import ago

ANEW = "do it again in `labrun shell`, which watches"


@dataclass(frozen=True, slots=True)
class Watched:
    """What was written down of one containerd, and when somebody watched it."""

    events: Sequence[Record]
    marks: Sequence[Record]

    def require_whole(self, since: float) -> None:
        """Raise CheckError unless somebody has watched since then, and still does."""
        if not self.marks:
            raise CheckError("nobody watches containerd's events just now", ANEW)
        last = self.marks[-1]
        if not last["watching"]:
            reason = last["reason"]
            raise CheckError(f"containerd's events are not watched: {reason}", ANEW)
        if last["time"] > since:
            began = ago(time.time() - last["time"])
            raise CheckError(
                f"containerd's events are watched since {began}, and the step began"
                " before; it has not happened in this time",
                ANEW,
            )


def account(witness: Witness, address: str | None) -> Watched:
    """Return what was written down of the containerd that a check's `address` means."""
    meant = ("containerd", address or "")
    records = [
        each
        for each in witness.witnessed("event") or ()
        if (each.get("source"), each.get("address")) == meant
    ]
    return Watched(
        [each for each in records if "topic" in each],
        [each for each in records if "watching" in each],
    )
