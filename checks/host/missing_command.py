"""What there is in place of a command: looked for only when it is missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from difflib import get_close_matches
from shlex import quote

from checks.doors.machine import Machine
from checks.errors import CheckError
from checks.host.programs import EXECUTABLE
from checks.host.wording import excerpt

SIMILAR = 0.75
# Where programs are put that no login finds; `{}` is the name of the command.
ELSEWHERE = (
    "/usr/local/sbin",
    "/usr/sbin",
    "/snap/bin",
    "/opt/{}/bin",
    "/opt/{}",
    "/opt/bin",
    "/opt/cni/bin",
    "/usr/local/go/bin",
    "/usr/local/{}/bin",
    "/usr/libexec",
    "/usr/games",
    "/root/bin",
    "/root/.local/bin",
    "/root/go/bin",
    "/root/.cargo/bin",
)
BUILT_IN = (
    "alias bg bind break cd declare dirs disown eval exec exit export fc fg hash help"
    " history jobs let local logout popd pushd read readonly return set shift shopt"
    " source suspend times trap type typeset ulimit umask unalias unset wait"
)
PROFILES = (
    "/root/.bashrc",
    "/root/.bash_aliases",
    "/root/.profile",
    "/etc/bash.bashrc",
    "/etc/profile",
)


def explain(machine: Machine, name: str) -> tuple[str, str]:
    """Return the sentence that tells the near miss, and what mends it; both may be empty.

    A look that goes wrong explains less.
    """
    for look in LOOKS:
        with suppress(CheckError):
            if found := look(machine, name):
                return found
    return "", ""


def _built_in(_: Machine, name: str) -> tuple[str, str] | None:
    if name not in BUILT_IN.split():
        return None
    return f"`{name}` is built into the shell, it is no program", ""


def _elsewhere(machine: Machine, name: str) -> tuple[str, str] | None:
    for folder in (each.format(name) for each in ELSEWHERE):
        path = f"{folder}/{name}"
        with suppress(FileNotFoundError):
            found = machine.stat(path)
            if found.type == "file" and found.mode & EXECUTABLE:
                said = f"`{name}` is `{path}`, and `{folder}` is not on the PATH"
                return said, f'export PATH="$PATH:{folder}"'
    return None


def _dangling(machine: Machine, name: str) -> tuple[str, str] | None:
    for folder in machine.search_path:
        path = f"{folder.rstrip('/')}/{name}"
        with suppress(FileNotFoundError):
            found = machine.stat(path, follow=False)
            if found.type == "directory":
                return f"`{path}` is a directory, not a program", ""
            if found.type == "symlink":
                said = f"`{path}` is a link to `{excerpt(found.target)}`, which"
                return f"{said} does not exist", f"ls -l {quote(path)}"
    return None


def _alias(machine: Machine, name: str) -> tuple[str, str] | None:
    word = re.escape(name)
    alias = re.compile(
        rf"^\s*(alias\s+{word}=|(function\s+)?{word}\s*\(\))", re.MULTILINE
    )
    for path in PROFILES:
        with suppress(FileNotFoundError):
            found = alias.search(machine.read(path).decode(errors="replace"))
            if found:
                what = "an alias" if "=" in found[0] else "a function"
                return f"`{name}` is {what} in `{path}`, it is no program", ""
    return None


def _similar(machine: Machine, name: str) -> tuple[str, str] | None:
    known = {each.lower(): each for each in _names(machine)}
    near = get_close_matches(name.lower(), known, n=1, cutoff=SIMILAR)
    if not near:
        return None
    return f"`{name}` is not on the PATH, but `{known[near[0]]}` is", ""


def _names(machine: Machine) -> Iterator[str]:
    for folder in machine.search_path:
        with suppress(FileNotFoundError):
            yield from machine.names(folder)


Look = Callable[[Machine, str], tuple[str, str] | None]
LOOKS: tuple[Look, ...] = (_built_in, _elsewhere, _dangling, _alias, _similar)
