"""tee, truncate, fallocate, dd and sed -i: what files hold."""

from __future__ import annotations

import re

from lab_runner.inference import options
from lab_runner.inference.model import (
    Effects,
    Fact,
    Invocation,
    change,
    fact,
    look,
    unknown,
)
from lab_runner.inference.recipes import redirections
from lab_runner.inference.recipes.paths import at_or_below

SIZE = re.compile(r"(\d+)(?:([KMGT])(i?B)?|(c))?", re.IGNORECASE)
POWERS = {"K": 1, "M": 2, "G": 3, "T": 4}


def tee(command: Invocation) -> Effects:
    given = options.parse(command.arguments)
    is_added = given.has("-a", "--append")
    files = (
        redirections.file(command.path(word), command.stdin, is_added=is_added)
        for word in given.words
    )
    return change(*filter(None, files))


def truncate(command: Invocation) -> Effects:
    given = options.parse(command.arguments, ["-s", "--size", "-r", "--reference"])
    return _sized(command, given, size(given.value("-s", "--size") or ""))


def fallocate(command: Invocation) -> Effects:
    given = options.parse(command.arguments, ["-l", "--length", "-o", "--offset"])
    return _sized(command, given, size(given.value("-l", "--length") or ""))


def _sized(
    command: Invocation, given: options.Arguments, wanted: int | None
) -> Effects:
    paths = [command.path(word) for word in given.words]
    facts = (fact("file", path, type="file", size=wanted) for path in paths)
    return change(*facts, forgets=at_or_below(paths))


def dd(command: Invocation) -> Effects:
    given = dict(word.partition("=")[::2] for word in command.arguments)
    target = given.get("of")
    if not target or command.path(target).startswith(redirections.PLACES):
        return unknown("what goes to a device is not told by a fact")
    return change(fact("file", command.path(target), type="file", size=_copied(given)))


def _copied(given: dict[str, str]) -> int | None:
    """Return how much an endless source gives; None where another one may end."""
    is_endless = given.get("if") in ("/dev/zero", "/dev/urandom", "/dev/random")
    if not is_endless or not given.keys() <= {"if", "of", "bs", "count", "status"}:
        return None
    block, count = size(given.get("bs", "512")), given.get("count", "")
    return block * int(count) if block and count.isdecimal() else None


def sed(command: Invocation) -> Effects:
    given = options.parse(command.arguments, ["-e", "-f", "--expression", "--file"])
    if not any(
        each.startswith(("-i", "--in-place", "-Ei", "-ri")) for each in command.argv
    ):
        return look()
    has_script = given.values("-e", "-f", "--expression", "--file")
    words = given.words if has_script else given.words[1:]
    paths = [command.path(word) for word in words]
    facts: list[Fact] = [fact("file", path, type="file") for path in paths]
    why = "what a file holds after an edit is not told"
    return change(*facts, forgets=at_or_below(paths), why=why)


def size(text: str) -> int | None:
    """Return bytes of a size such as `10M`; None of one that is relative."""
    found = SIZE.fullmatch(text)
    if not found:
        return None
    base = 1000 if found[3] and found[3].upper() == "B" else 1024
    power = POWERS[found[2].upper()] if found[2] else 0
    return int(found[1]) * int(base**power)
