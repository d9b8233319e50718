"""sysctl, and what is written below /proc/sys."""

from __future__ import annotations

from lab_runner.inference import options
from lab_runner.inference.model import Effects, Fact, Invocation, change, fact, look

FOLDER = "/proc/sys/"


def recipe(command: Invocation) -> Effects:
    given = options.parse(command.arguments, ["-r", "--pattern"])
    if given.has("-p", "--load", "--system", "-f"):
        return change(why="what is set stands in files")
    pairs = [each.partition("=") for each in given.words]
    facts = [parameter(key, value) for key, equals, value in pairs if equals]
    return change(*facts) if facts else look()


def parameter(key: str, value: str) -> Fact:
    key = key.strip()
    # A dot beside slashes is part of a name, as in `net/ipv4/conf/eth0.100`.
    name = key if "." in key else key.replace("/", ".")
    return fact("sysctl", name, value=" ".join(value.split()))


def written(path: str, text: str | None) -> Fact | None:
    """Return the parameter that a file below /proc/sys sets, if its text is known."""
    if not path.startswith(FOLDER) or not text or not text.strip():
        return None
    return parameter(path.removeprefix(FOLDER), text)
