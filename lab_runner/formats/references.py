"""References to variables: `{{ name }}` in prose, commands, checks and questions.

Before Markdown and YAML are parsed each reference gives way to a placeholder as long as
itself, so that no value can change the structure of the file and every line and column
stays as written. Texts taken from the parsed file are filled in afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

# Private characters of the last plane: no font, keyboard or YAML rule knows them.
FIRST, FILLER = 0x100000, "\U0010fffd"
PRIVATE = re.compile("[\U00100000-\U0010fffd]")
PLACEHOLDER = re.compile(f"([\U00100000-\U0010fffc]){FILLER}+")
REFERENCE = re.compile(r"\{\{[ \t]*([A-Za-z_][\w-]*)[ \t]*\}\}", re.ASCII)
GO_WORDS = ("end", "else", "break", "continue")


@dataclass(frozen=True, slots=True)
class Misspelling:
    """A reference to nothing whose name is close to a variable's."""

    offset: int
    written: str
    meant: str


class References:
    """The variables of a lab and where they are referred to; `values` by name."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._names = tuple(values)
        self._values = dict(values)

    def mask(self, text: str) -> str:
        """Put placeholders in place of references to declared variables."""
        return REFERENCE.sub(self._placeholder, PRIVATE.sub("\ufffd", text))

    def fill(self, text: str) -> str:
        """Put the learner's values in place of placeholders."""
        return self._replace(text, self._values.__getitem__)

    def named(self, text: str) -> str:
        """Put names in place of placeholders: the same text for every learner."""
        return self._replace(text, str)

    def written(self, text: str) -> str:
        """Put references in place of placeholders, for messages to the author."""
        return self._replace(text, "{{{{ {} }}}}".format)

    def misspelt(self, text: str) -> Iterator[Misspelling]:
        """Find references that are nearly one; templates of other tools stay alone."""
        for match in REFERENCE.finditer(text):
            close = get_close_matches(match[1], self._names, n=1)
            if match[1] not in (*self._names, *GO_WORDS) and close:
                yield Misspelling(match.start(), match[0], close[0])

    def _placeholder(self, match: re.Match[str]) -> str:
        if match[1] not in self._values:
            return match[0]
        return chr(FIRST + self._names.index(match[1])) + FILLER * (len(match[0]) - 1)

    def _replace(self, text: str, word: Callable[[str], str]) -> str:
        def worded(match: re.Match[str]) -> str:
            index = ord(match[1]) - FIRST
            return word(self._names[index]) if index < len(self._names) else "\ufffd"

        return PLACEHOLDER.sub(worded, text)
