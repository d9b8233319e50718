"""Regular expressions of authors, searched for in bounded time.

A search of `re` cannot be interrupted, and a pattern such as `^(a|aa)+$` searches for
ever. The package `regex` lets other threads run and gives up when it is told to.
"""

from __future__ import annotations

import re
import warnings

import regex

from checks.errors import SpecError, TimedOut

LONGEST = 2.0
# An escape, or a brace that is no count: `re` reads it as itself, `regex` as fuzzy.
BRACE = re.compile(r"\\N\{[^}]*\}|\\.|\{(?!\d*,?\d*\})", re.DOTALL)


class Pattern:
    """A regular expression whose `^` and `$` match at every line."""

    def __init__(self, text: str, longest: float = LONGEST) -> None:
        exact = BRACE.sub(lambda f: r"\{" if f[0] == "{" else f[0], text)
        self._text, self._longest = text, longest
        try:
            with warnings.catch_warnings(action="ignore"):
                self._compiled = regex.compile(exact, regex.MULTILINE)
        except (regex.error, RecursionError) as error:
            message = f"`{text}` is not a regular expression: {error}"
            raise SpecError(message) from None

    def search(self, text: str, start: int = 0) -> regex.Match[str] | None:
        """Find the first match; raises TimedOut after `longest` seconds."""
        try:
            return self._compiled.search(text, start, timeout=self._longest)
        except TimeoutError:
            raise TimedOut(
                f"looking for `{self._text}` took longer than {self._longest:g} s",
                "simplify the pattern: repeat nothing that repeats, as `(a+)+` does",
            ) from None
