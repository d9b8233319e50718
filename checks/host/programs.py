"""Finding programs the way execvp(3) does, without running anything."""

from __future__ import annotations

from checks.doors.machine import Machine
from checks.errors import NotPermitted

EXECUTABLE = 0o111


def find(machine: Machine, name: str) -> tuple[str, str]:
    """Return the program a login runs under this name, and a file in its way.

    The second is a file of that name that may not be executed; either may be empty.
    Raises NotPermitted when nothing was found and not every directory could be seen.
    """
    refused, in_the_way = None, ""
    for folder in machine.search_path:
        path = f"{folder.rstrip('/')}/{name}"
        try:
            found = machine.stat(path)
        except FileNotFoundError:
            continue
        except NotPermitted as error:
            refused = refused or error
            continue
        if found.type == "file" and found.mode & EXECUTABLE:
            return path, in_the_way
        if found.type == "file":
            in_the_way = in_the_way or path
    if refused:
        raise refused
    return "", in_the_way
