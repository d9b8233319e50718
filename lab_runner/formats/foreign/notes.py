"""What is noticed in a lab of another system that does not stop it.

The rule of a note says what became of the thing: `dropped` did not come through,
`changed` means something else here, `repaired` was broken and it was clear what was
meant, `suspect` came through and is hardly what its author wanted.
"""

from __future__ import annotations

from typing import Literal

from lab_runner.characters import harmless, shorten
from lab_runner.model import Problem, Source

Rule = Literal["dropped", "changed", "repaired", "suspect"]


class Notes:
    """Collects warnings, in the order in which they are noticed."""

    def __init__(self) -> None:
        self._found: list[Problem] = []

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(self._found)

    def add(self, rule: Rule, source: Source, message: str, advice: str) -> None:
        """Note something; `message` and `advice` come without their full stops."""
        self._found.append(
            Problem(source, harmless(message), harmless(advice), "warning", rule)
        )


def named(text: str) -> str:
    """Return a text of the author's as it stands in a message."""
    return f"`{shorten(' '.join(text.split()))}`"
