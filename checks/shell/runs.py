"""The commands of recorded lines: where each ran, and how it ended."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from checks.doors.witness import Record
from checks.shell import lines
from checks.verdict import Facts

RECORDED = 4096
MOVES = ("cd", "pushd", "popd")


@dataclass(frozen=True, slots=True)
class Run:
    """A command of a recorded line; `directory` is None where the line went elsewhere.

    `at` is in seconds since 1970 (UTC), `exit` None where the shell does not tell it.
    """

    words: tuple[str, ...]
    exit: int | None
    directory: str | None
    at: float
    is_sure: bool

    @property
    def text(self) -> str:
        return " ".join(self.words)

    @property
    def facts(self) -> Facts:
        return {
            "command": shlex.join(self.words)[:RECORDED],
            "exit": self.exit,
            "directory": self.directory,
            "time": self.at,
        }


def of(record: Record) -> Iterator[Run]:
    """Yield the commands of a recorded line, none of one that is too involved."""
    directory = record["directory"]
    for each in lines.commands(record["command"], record["exit"]) or ():
        yield Run(each.words, each.exit, directory, record["start"], each.is_sure)
        if each.words[0] in MOVES:
            directory = None


def begins(words: Sequence[str], wanted: Sequence[str]) -> bool:
    """Tell whether `words` begin with those wanted, options in between aside."""
    program, *rest = wanted
    name = words[0] if "/" in program else words[0].rpartition("/")[2]
    if name != program:
        return False
    for word in words[1:]:
        if not rest:
            break
        if word == rest[0]:
            rest.pop(0)
        elif not word.startswith("-"):
            return False
    return not rest
