"""What a command prints, where its text alone says it."""

from __future__ import annotations

import re

from lab_runner.inference.model import UNKNOWN, Invocation

ESCAPES = {"n": "\n", "t": "\t", "\\": "\\"}


def text(command: Invocation) -> str | None:
    """Return the output of `echo`, `printf` and of `cat` or `tee` that are fed.

    It is empty where only a redirection stands.
    """
    held = _output(command)
    return None if held is None or UNKNOWN in held else held


def _output(command: Invocation) -> str | None:
    match command.argv:
        case () | (":",) | ("true",):
            return ""
        case ("echo", *given):
            return _echo(given)
        case ("printf", form) if "%" not in form:
            return _escaped(form)
        case ("printf", "%s\\n", *given):
            return "".join(f"{each}\n" for each in given)
        case ("printf", "%s", only):
            return only
        case ("cat",) | ("cat", "-") | ("tee", _) | ("tee", "-a", _):
            return command.stdin
    return None


def _echo(given: list[str]) -> str:
    flags = ""
    while given and re.fullmatch("-[neE]+", given[0]):
        flags += given.pop(0)
    held = " ".join(given)
    if "e" in flags:
        held = _escaped(held)
    return held if "n" in flags else f"{held}\n"


def _escaped(held: str) -> str:
    return re.sub(r"\\(.)", lambda m: ESCAPES.get(m[1], UNKNOWN), held)
