"""Users and groups as the machine itself knows them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from checks.doors.machine import Machine
from checks.errors import CheckError, ToolMissing
from checks.host.wording import last_line
from checks.matchers import Matcher

NAME, NUMBER = 0, 2  # columns of passwd(5) and group(5)
COLUMNS = 4  # so many there are at least
UNKNOWN = 2  # exit code of getent(1)


@dataclass(frozen=True, slots=True)
class User:
    """An account, its numbers as text."""

    name: str
    uid: str
    gid: str
    home: str = ""
    shell: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A group, its number as text; `members` are those it lists itself."""

    name: str
    gid: str
    members: tuple[str, ...]


def user(machine: Machine, name: str) -> User | None:
    fields = _entry(machine, "passwd", NAME, name)
    return _user(fields) if fields else None


def group(machine: Machine, name: str) -> Group | None:
    fields = _entry(machine, "group", NAME, name)
    return _group(fields) if fields else None


def users(machine: Machine) -> list[User]:
    """Return the users of the machine's own file; raises CheckError without any."""
    return [_user(fields) for fields in _all(machine, "passwd")]


def groups(machine: Machine) -> list[Group]:
    """Return the groups of the machine's own file; raises CheckError without any."""
    return [_group(fields) for fields in _all(machine, "group")]


def belonging(machine: Machine, gid: str) -> tuple[str, ...]:
    """Return the users of the machine's own file whose first group this is."""
    return tuple(
        fields[NAME]
        for fields in _file(machine, "passwd")
        if fields[3:4] == [gid] and fields[NAME]
    )


def names(machine: Machine, database: str) -> list[str]:
    """Return the names in the machine's own `passwd` or `group`."""
    return [fields[NAME] for fields in _file(machine, database) if fields[NAME]]


def user_name(machine: Machine, uid: int) -> str:
    """Return the name of a user, or the number of one without a name."""
    fields = _entry(machine, "passwd", NUMBER, str(uid))
    return fields[NAME] if fields else str(uid)


def group_name(machine: Machine, gid: int) -> str:
    """Return the name of a group, or the number of one without a name."""
    fields = _entry(machine, "group", NUMBER, str(gid))
    return fields[NAME] if fields else str(gid)


def by_name(wanted: Matcher, name: Callable[[int], str]) -> Matcher:
    """Put names in place of the numbers that a condition compares with."""
    return Matcher(
        tuple((op, _by_name(op, operand, name)) for op, operand in wanted.conditions)
    )


def _user(fields: list[str]) -> User:
    name = fields[NAME]
    if len(fields) < COLUMNS or not "".join(fields[2:4]).isdecimal():
        raise CheckError(f"what is said about the user `{name}` cannot be understood")
    return User(name, fields[2], fields[3], *fields[5:7])


def _group(fields: list[str]) -> Group:
    name = fields[NAME]
    if len(fields) < COLUMNS or not fields[2].isdecimal():
        raise CheckError(f"what is said about the group `{name}` cannot be understood")
    return Group(name, fields[2], tuple(filter(None, fields[3].split(","))))


def _by_name(op: str, operand: Any, name: Callable[[int], str]) -> Any:
    if op == "not":
        return by_name(operand, name)
    if op == "one_of":
        return tuple(by_name(option, name) for option in operand)
    return name(int(operand)) if op == "equals" and operand.isdecimal() else operand


def _entry(machine: Machine, database: str, column: int, key: str) -> list[str] | None:
    """Look into the file first, and only then ask what else knows users."""
    for fields in _file(machine, database):
        if fields[column : column + 1] == [key]:
            return fields
    with suppress(ToolMissing):
        return _asked(machine, database, key)
    return None


def _all(machine: Machine, database: str) -> list[list[str]]:
    found = [fields for fields in _file(machine, database) if fields[NAME]]
    if not found:
        raise CheckError(f"there is nothing in `/etc/{database}` of this machine")
    return found


def _file(machine: Machine, database: str) -> list[list[str]]:
    with suppress(FileNotFoundError):
        text = machine.read(f"/etc/{database}").decode(errors="replace")
        return [line.split(":") for line in text.splitlines()]
    return []


def _asked(machine: Machine, database: str, key: str) -> list[str] | None:
    result = machine.run(["getent", database, key])
    if result.exit == UNKNOWN:
        return None
    if result.exit:
        raise CheckError(f"getent could not tell: {last_line(result.stderr)}")
    return result.stdout.rstrip("\n").split(":")
