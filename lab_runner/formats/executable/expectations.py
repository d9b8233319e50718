"""What InnovationEngine expects a command to print, as a check that is exact.

`expected_similarity` is a degree of likeness, or a regular expression in quotes. A
degree below 1 lets wrong output pass and right output fail, so nothing is compared.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from checks import matchers
from checks.errors import SpecError
from lab_runner.formats.foreign.notes import Notes, named
from lab_runner.model import Source

COMMENT = re.compile(r"<!--[ \t]*expected_similarity[ \t]*=?[ \t]*(.*?)[ \t]*-->")
NUMBER = re.compile(r"\"?(\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})\"?")
PATTERN = re.compile(r'"(.+)"')
ANYTHING = {"matches": r"\S"}
ADVICE = "Write what must be in it as a pattern in quotes"

Wanted = str | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Expectation:
    """What stands in a comment, and where; the output expected is in the next fence."""

    value: str
    source: Source

    def wanted(self, output: str, notes: Notes) -> Wanted | None:
        """Return what the output must be; None if it cannot be told."""
        number, pattern = NUMBER.fullmatch(self.value), PATTERN.fullmatch(self.value)
        if number:
            return self._alike(float(number[1]), output, notes)
        if pattern:
            return self._matching(pattern[1], notes)
        message = f"{named(self.value)} is neither a number nor a quoted pattern"
        notes.add("dropped", self.source, message, "Write a pattern in quotes")
        return None

    def _alike(self, degree: float, output: str, notes: Notes) -> Wanted:
        if degree >= 1 and output.strip():
            return output.strip("\n")
        if degree:
            message = f"output that is alike by {degree:g} proves nothing"
            notes.add("changed", self.source, f"{message}: any will do", ADVICE)
        else:
            message = "a similarity of 0 lets any output pass"
            notes.add("suspect", self.source, message, ADVICE)
        return ANYTHING

    def _matching(self, pattern: str, notes: Notes) -> Wanted | None:
        try:
            matchers.parse({"matches": pattern})
        except SpecError as error:
            message = f"{named(pattern)} is no pattern: {error.message}"
            notes.add("dropped", self.source, message, "Mend it")
            return None
        return {"matches": pattern}
