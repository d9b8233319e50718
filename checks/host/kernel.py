"""Kernel parameters: their values now, and those that files set at boot."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase

from checks.doors.machine import Machine
from checks.errors import CheckError, NotPermitted
from checks.host.wording import last_line

ROOT = "/proc/sys"
# sysctl.d(5): of two files of one name the first counts, of two settings the last.
FOLDERS = (
    "/etc/sysctl.d",
    "/run/sysctl.d",
    "/usr/local/lib/sysctl.d",
    "/usr/lib/sysctl.d",
    "/lib/sysctl.d",
)
LAST = "/etc/sysctl.conf"
SEPARATOR = re.compile(r"[./]")


@dataclass(frozen=True, slots=True)
class Setting:
    """What a file sets a parameter to."""

    value: str
    path: str


def path_of(key: str) -> str:
    """Return a parameter's path below ROOT: what separates first in a key decides."""
    separator = SEPARATOR.search(key)
    if separator and separator[0] == ".":
        return key.translate(str.maketrans("./", "/."))
    return key


def value(machine: Machine, path: str) -> str | None:
    """Return a parameter's value, its words joined by one space; None: no such one."""
    # Not Machine.read: what /proc/sys shows is that of the namespaces of who reads it.
    result = machine.run(["cat", f"{ROOT}/{path}"])
    if not result.exit:
        return " ".join(result.stdout.split())
    if "No such file" in result.stderr:
        return None
    if "Is a directory" in result.stderr:
        raise CheckError(f"`{ROOT}/{path}` holds many parameters, none of its own")
    if "ermi" in result.stderr:  # denied, or operation not permitted
        raise NotPermitted(f"`{ROOT}/{path}` may not be read", "run with `sudo`")
    raise CheckError(f"the kernel could not tell: {last_line(result.stderr)}")


def neighbours(machine: Machine, path: str) -> list[str]:
    """Return the names beside a parameter, nothing where they cannot be seen."""
    with suppress(CheckError):
        folder = path.rpartition("/")[0]
        return machine.run(["ls", f"{ROOT}/{folder}"]).stdout.split()
    return []


def at_boot(machine: Machine, path: str) -> Setting | None:
    """Return the setting that boot applies: a plain name counts before a pattern."""
    plain, by_pattern = None, None
    for file in _files(machine):
        for pattern, text in _settings(machine, file):
            if pattern == path:
                plain = Setting(text, file)
            elif fnmatchcase(path, pattern):
                by_pattern = Setting(text, file)
    return plain or by_pattern


def _files(machine: Machine) -> list[str]:
    found: dict[str, str] = {}
    for folder in FOLDERS:
        with suppress(FileNotFoundError):
            for name in machine.names(folder):
                if name.endswith(".conf"):
                    found.setdefault(name, f"{folder}/{name}")
    return [*(found[name] for name in sorted(found)), LAST]


def _settings(machine: Machine, file: str) -> Iterator[tuple[str, str]]:
    with suppress(FileNotFoundError):
        text = machine.read(file).decode(errors="replace")
        for line in text.splitlines():
            key, sign, setting = line.strip().partition("=")
            if sign and not key.startswith(("#", ";")):
                name = key.strip().removeprefix("-")
                yield path_of(name), " ".join(setting.split())
