"""Programs that run another one: what they run, and as whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from lab_runner.inference import options
from lab_runner.inference.model import UNKNOWN, Invocation

VALUED: Mapping[str, tuple[str, ...]] = {
    "sudo": ("-u", "--user", "-g", "--group", "-h", "-p", "-C", "-D", "--chdir", "-R"),
    "doas": ("-u", "-C"),
    "env": ("-u", "--unset", "-C", "--chdir", "-S"),
    "time": ("-f", "-o"),
    "nice": ("-n", "--adjustment"),
    "ionice": ("-c", "-n"),
    "nohup": (),
    "command": (),
    "exec": ("-a",),
    "stdbuf": ("-i", "-o", "-e"),
    "builtin": (),
    "eatmydata": (),
    "setsid": (),
    "xargs": ("-I", "-L", "-P", "-a", "-d", "-n", "-s"),
}
"""The options of each that take a value."""
SHELLS = ("sh", "bash", "dash", "zsh", "ash")
ASKS = {"command": ("-v", "-V"), "sudo": ("-l", "-v", "-k", "-K", "-V", "-e")}
"""Options with which a wrapper runs nothing."""


def unwrap(command: Invocation) -> Invocation:
    """Return what is run in the end; a wrapper that runs nothing stays itself."""
    while command.program in VALUED:
        inner = _inner(command)
        if inner is None:
            return command
        command = inner
    return command


def login(command: Invocation) -> str | None:
    """Return as whom `su`, `sudo -i` or `sudo -s` opens a shell; None of others."""
    given = options.parse(command.arguments, VALUED["sudo"])
    if command.program == "su":
        if given.has("-c", "--command"):
            return None
        return next((each for each in given.words if each != "-"), "root")
    if command.program == "sudo" and given.has("-i", "--login", "-s", "--shell"):
        return given.value("-u", "--user") or "root"
    return None


def goes_home(command: Invocation) -> bool:
    """Tell of such a command whether the shell begins in the home directory."""
    given = options.parse(command.arguments, VALUED["sudo"])
    is_login = given.has("-i", "-l", "--login")
    return is_login or (command.program == "su" and "-" in given.words)


def script(command: Invocation) -> str | None:
    """Return the text that `sh -c TEXT` runs, None of any other command."""
    if command.program not in SHELLS:
        return None
    given = options.parse(command.arguments, ("-c", "-o"), limit=1)
    return given.value("-c", "-ec", "-xc", "-lc")


def _inner(command: Invocation) -> Invocation | None:
    name = command.program
    given = options.parse(command.arguments, VALUED[name], limit=1)
    environment, words = _assigned(given.words)
    if not words or given.has(*ASKS.get(name, ())):
        return None
    user, home, outer = command.user, command.home, command.environment
    chosen = given.value("-C", "-D", "--chdir") if name in ("sudo", "env") else None
    cwd = command.path(chosen or ".")
    if name in ("sudo", "doas"):
        outer = outer if given.has("-E", "--preserve-env") else {}
        user = given.value("-u", "--user") or "root"
        if given.has("-i", "--login"):
            home = cwd = home_of(user)
    if name == "xargs":
        marker = given.value("-I")
        words = tuple(UNKNOWN if each == marker else each for each in words)
        words += () if marker else (UNKNOWN,)
    return replace(
        command,
        argv=words,
        environment={**outer, **environment},
        user=user,
        home=home,
        cwd=cwd,
    )


def home_of(user: str) -> str:
    return "/root" if user == "root" else f"/home/{user}"


def _assigned(words: tuple[str, ...]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Take the assignments in front of a command off it."""
    environment: dict[str, str] = {}
    for index, word in enumerate(words):
        name, equals, value = word.partition("=")
        if not equals or not name.isidentifier():
            return environment, words[index:]
        environment[name] = value
    return environment, ()
