"""The faults of one lab file, collected so that all of them are told in one go."""

from __future__ import annotations

import re
from collections.abc import Callable

from lab_runner.characters import harmless
from lab_runner.errors import LabBroken
from lab_runner.model import Problem, Source

Place = tuple[int, int]
"""Line and column in the file as written, counted from 1."""

LIMIT = 100
LONGEST = 400
LONG_WORD = re.compile(r"(\S{79})\S{9,}?(`?)(?!\S)")


class Faults:
    """Collects problems of the file `path`; hostile files end at the hundredth.

    `written` turns placeholders of variables back into what the author wrote.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.written: Callable[[str], str] = str
        self._found: list[Problem] = []

    def __len__(self) -> int:
        return len(self._found)

    def source(self, place: Place) -> Source:
        return Source(self.path, *place)

    def add(self, place: Place, message: str, advice: str) -> None:
        """Note a fault; `message` and `advice` come without their full stops."""
        self._found.append(
            Problem(
                self.source(place),
                _tidy(self.written(message)),
                _tidy(self.written(_sentence(advice))),
            )
        )
        if len(self._found) == LIMIT:
            self.settle()

    def settle(self) -> None:
        """Raise LabBroken with everything found, in file order, if there is any."""
        if self._found:
            raise LabBroken(
                sorted(self._found, key=lambda p: (p.source.line, p.source.column))
            )


def _sentence(advice: str) -> str:
    return advice[:1].upper() + advice[1:]


def _tidy(text: str) -> str:
    text = LONG_WORD.sub(r"\1…\2", harmless(" ".join(text.split())))
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
