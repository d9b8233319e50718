"""What a source tells to have happened on a machine, and whether that is all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from checks.doors.witness import Record


class Account(Protocol):
    """Events with `time`, `source`, `namespace`, `topic` and `fields`, oldest first."""

    @property
    def events(self) -> Sequence[Record]: ...

    def require_whole(self, since: float) -> None:
        """Raise CheckError where something may have happened since then unseen."""
