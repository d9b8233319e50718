"""The witness: what was seen on a machine while a learner worked, told to its checks.

What has happened leaves no state to look at afterwards; whoever watched it wrote it
down, and a check reads that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol

Record = Mapping[str, Any]


class Witness(Protocol):
    """Who can tell what happened on one machine; the engine gives it one if it can."""

    @property
    def since(self) -> float:
        """When the learner was shown the step, in seconds since 1970 (UTC)."""

    def witnessed(self, kind: Literal["command", "event"]) -> Sequence[Record] | None:
        """Return what was recorded of this machine during the lab, oldest first.

        Records from before the step are among them. None means that nobody watched,
        so that nothing can be said. A "command" has the fields of
        lab_runner.recording.commands.Command; an "event" `time`, `source` and what its kind documents.
        """
