"""What there is in place of a path: looked for only when it is missing."""

from __future__ import annotations

from contextlib import suppress
from difflib import get_close_matches
from posixpath import basename, dirname
from shlex import quote

from checks.doors.machine import Machine
from checks.errors import CheckError
from checks.host.wording import excerpt

NEIGHBOURS = 500  # so many names are searched for a similar one


def explain(machine: Machine, path: str) -> tuple[str, str]:
    """Return the sentence that tells the near miss, and what mends it.

    A look that goes wrong explains less.
    """
    missing = f"`{path}` does not exist"
    with suppress(CheckError):
        if target := _target(machine, path):
            said = f"`{path}` is a link to `{excerpt(target)}`, which does not exist"
            return said, f"ls -l {quote(path)}"
        return _nearby(machine, path, missing)
    return missing, ""


def _target(machine: Machine, path: str) -> str:
    with suppress(FileNotFoundError):
        return machine.stat(path, follow=False).target
    return ""


def _nearby(machine: Machine, path: str, missing: str) -> tuple[str, str]:
    folder, name = dirname(path.rstrip("/")), basename(path.rstrip("/"))
    try:
        names = machine.names(folder)
    except FileNotFoundError:
        return _on_the_way(machine, folder, missing)
    if near := _similar(name, names[:NEIGHBOURS]):
        return f"{missing}, but `{folder.rstrip('/')}/{near}` does", ""
    return missing, ""


def _similar(name: str, names: list[str]) -> str:
    """Return the name that differs in upper and lower case only, or a similar one."""
    same = [each for each in names if each.lower() == name.lower()]
    return next(iter(same or get_close_matches(name, names, n=1, cutoff=0.7)), "")


def _on_the_way(machine: Machine, folder: str, missing: str) -> tuple[str, str]:
    """Tell the first directory on the way that is missing, or what is there instead."""
    above = dirname(folder)
    while above != "/" and not _is_there(machine, above):
        folder, above = above, dirname(above)
    with suppress(FileNotFoundError):
        kind = machine.stat(folder).type
        return f"{missing}, because `{folder}` is a {kind}, not a directory", ""
    return f"{missing}, nor does the directory `{folder}`", ""


def _is_there(machine: Machine, path: str) -> bool:
    with suppress(FileNotFoundError):
        machine.stat(path)
        return True
    return False
