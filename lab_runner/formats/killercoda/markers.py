"""Action markers: the `{{exec}}` behind a piece of code, and what it asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

RUNS = ("exec", "execute")
OTHERS = ("copy", "open")
KEYS = {"no-newline", "ctrl-seq"}
PLACES = re.compile(r"T\d+|HOST\d+", re.IGNORECASE)
MARKER = re.compile(r"[ \t]*\{\{([^{}\n]{0,80})\}\}")
LINK = re.compile(r"\{\{\s*TRAFFIC_\w+\s*\}\}|\[\[\s*(?:HOST|KATACODA)_\w+\s*\]\]")


@dataclass(frozen=True, slots=True)
class Action:
    """What a click on a piece of code does.

    `verb` is `exec`, `copy`, `open` or empty for a marker without a word; `words` are
    its arguments. `is_misspelt` says that the verb was guessed.
    """

    verb: str
    words: tuple[str, ...] = ()
    is_misspelt: bool = False

    @property
    def is_run(self) -> bool:
        """Tell whether the code is a command to run, and no mere key strokes."""
        return self.verb == "exec" and not KEYS.intersection(map(str.lower, self.words))

    @property
    def is_keys(self) -> bool:
        return self.verb == "exec" and not self.is_run

    @property
    def interrupts(self) -> bool:
        return "interrupt" in map(str.lower, self.words)

    @property
    def places(self) -> list[str]:
        """Return the terminals and hosts that it names."""
        return [word for word in self.words if PLACES.fullmatch(word)]


@lru_cache(1000)
def action(inner: str) -> Action | None:
    """Understand what stands in the braces; None for a template of another tool."""
    words = inner.split()
    if not words:
        return Action("")
    first, rest = words[0].lower(), tuple(words[1:])
    if not re.fullmatch(r"[a-z]+", first):
        return None
    known = (*RUNS, *OTHERS)
    guess = [first] if first in known else get_close_matches(first, known, 1, 0.7)
    if not guess:
        return None
    verb = "exec" if guess[0] in RUNS else guess[0]
    return Action(verb, rest, first != guess[0])


def actions(text: str, at: int = 0) -> tuple[list[Action], str]:
    """Take the markers that stand in a text from `at`; return them and what follows."""
    found = []
    while match := MARKER.match(text, at):
        understood = action(match[1])
        if understood is None:
            break
        found.append(understood)
        at = match.end()
    return found, text[at:]
