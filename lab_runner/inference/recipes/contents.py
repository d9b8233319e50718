"""tee, truncate, fallocate, dd and sed -i: what files hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from lab_runner.inference import options
from lab_runner.inference.model import (
    Effects,
    Invocation,
    change,
    fact,
    look,
    unknown,
)
from lab_runner.inference.recipes import redirections
from lab_runner.inference.recipes.paths import at_or_below

SIZE = re.compile(r"(\d+)(?:([KMGT])(i?B)?|(c))?", re.IGNORECASE)
# `s/old/new/`, where both are no more than texts.
SUBSTITUTION = re.compile(
    r"s([/|#,])(?P<old>(?:(?!\1)[^\\.*^$[\]\n])+)\1(?P<new>(?:(?!\1)[^\\&\n])*)\1(?P<all>g?)"
)
EXTENDED = re.compile(r"[+?(){}|]")
POWERS = {"K": 1, "M": 2, "G": 3, "T": 4}


def tee(command: Invocation) -> Effects:
    given = options.parse(command.arguments)
    is_added = given.has("-a", "--append")
    paths = [command.path(word) for word in given.words]
    files = (
        redirections.file(path, command.stdin, is_added=is_added) for path in paths
    )
    is_lost = not is_added or command.stdin is None
    return change(*filter(None, files), forgets=at_or_below(paths) if is_lost else None)


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
    path = command.path(target)
    return change(
        fact("file", path, type="file", size=_copied(given)),
        forgets=at_or_below([path]),
    )


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
    scripts = given.values("-e", "--expression")
    if not scripts and not given.has("-f", "--file"):
        scripts = given.words[:1]
    words = given.words[1:] if scripts == given.words[:1] else given.words
    paths = [command.path(word) for word in words]
    contents = [_edited(command.written(path), scripts) for path in paths]
    facts = (
        fact("file", path, type="file", content=content)
        for path, content in zip(paths, contents, strict=True)
    )
    why = "" if all(contents) else "what a file holds after an edit is not told"
    return change(*facts, forgets=at_or_below(paths), why=why)


def _edited(text: str | None, scripts: Sequence[str]) -> Any:
    """Return the text after these substitutions; of an unknown text, what is gone."""
    found = [SUBSTITUTION.fullmatch(each) for each in scripts]
    edits = [each for each in found if each and not EXTENDED.search(each["old"])]
    if not edits or len(edits) < len(scripts):
        return None
    if text is None:
        return _gone(edits[-1])
    for edit in edits:
        most = -1 if edit["all"] else 1
        lines = text.split("\n")
        text = "\n".join(each.replace(edit["old"], edit["new"], most) for each in lines)
    return text


def _gone(edit: re.Match[str]) -> Any:
    """Return that the old text is no longer there, if a line has it hardly twice."""
    old = edit["old"]
    is_setting = any(each in old for each in "=: ")
    is_certain = (edit["all"] or is_setting) and old not in edit["new"]
    return {"not": {"contains": old}} if is_certain else None


def size(text: str) -> int | None:
    """Return bytes of a size such as `10M`; None of one that is relative."""
    found = SIZE.fullmatch(text)
    if not found:
        return None
    base = 1000 if found[3] and found[3].upper() == "B" else 1024
    power = POWERS[found[2].upper()] if found[2] else 0
    return int(found[1]) * int(base**power)
