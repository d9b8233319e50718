"""What is mounted, as the first process of the machine sees it, and what fstab plans."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass

from checks.doors.machine import Machine
from checks.errors import CheckError

TABLE, PLAN = "/proc/1/mountinfo", "/etc/fstab"
ESCAPED = re.compile(r"\\([0-7]{3})")  # blanks and the like, proc(5) and fstab(5)
ACCESS = {"ro", "rw"}


@dataclass(frozen=True, slots=True)
class Mount:
    """A mounted file system; `root` is the part of it that is seen at `target`."""

    target: str
    source: str
    fstype: str
    options: tuple[str, ...]
    root: str


def mounted(machine: Machine) -> list[Mount]:
    """Return all mounts in the order they were made: the last one at a target is seen."""
    try:
        text = machine.read(TABLE).decode(errors="replace")
    except FileNotFoundError:
        raise CheckError(f"there is no `{TABLE}` on this machine") from None
    return [_parse(line) for line in text.splitlines()]


def planned(machine: Machine) -> dict[str, str]:
    """Return what fstab would mount, by target."""
    with suppress(FileNotFoundError, CheckError):
        text = machine.read(PLAN).decode(errors="replace")
        lines = [line.split() for line in text.splitlines()]
        return {
            _plain(words[1]): _plain(words[0])
            for words in lines
            if len(words) > 1 and not words[0].startswith("#")
        }
    return {}


def _parse(line: str) -> Mount:
    try:
        before, after = line.split(" - ", 1)
        _, _, _, root, target, own, *_ = before.split(" ")
        fstype, source, shared = after.split(" ")
    except ValueError:
        raise CheckError(f"`{TABLE}` cannot be understood") from None
    options = _merged(own.split(","), shared.split(","))
    return Mount(_plain(target), _plain(source), fstype, options, _plain(root))


def _merged(own: list[str], shared: list[str]) -> tuple[str, ...]:
    """Join the options of a mount and of its file system; `ro` on either side wins."""
    access = "ro" if "ro" in own + shared else "rw"
    others = [each for each in own + shared if each not in ACCESS]
    return (access, *dict.fromkeys(others))


def _plain(text: str) -> str:
    return ESCAPED.sub(lambda found: chr(int(found[1], 8)), text)
