"""What there is in place of a unit that systemd does not know, or does not run."""

from __future__ import annotations

from contextlib import suppress
from difflib import get_close_matches

from checks.doors.machine import Machine
from checks.errors import CheckError
from checks.host import processes

SIMILAR = 0.7
LIST = ["systemctl", "list-unit-files", "--no-legend", "--no-pager", "--plain"]


def similar(machine: Machine, name: str) -> str:
    """Word which unit is meant perhaps; a look that goes wrong explains nothing."""
    with suppress(CheckError):
        lines = machine.run(LIST).stdout.splitlines()
        known = [line.split()[0] for line in lines if line.strip()]
        return _worded(name, known)
    return ""


def by_hand(machine: Machine, name: str) -> str:
    """Word which process a unit that is not running should have, and has not."""
    program, _, suffix = name.rpartition(".")
    if suffix != "service":
        return ""
    with suppress(CheckError):
        found = next(iter(processes.named(machine, program)), None)
        if found and not found.is_zombie:
            return f", but a process `{program}` runs without it (PID {found.pid})"
    return ""


def _worded(name: str, known: list[str]) -> str:
    stem, _, suffix = name.rpartition(".")
    template = f"{stem}@.{suffix}"
    if template in known:
        return f", only the template `{template}`, of which an instance has to be named"
    by_stem = {each.rpartition(".")[0]: each for each in known}
    near = get_close_matches(stem, by_stem, n=1, cutoff=SIMILAR)
    return f", but there is `{by_stem[near[0]]}`" if near else ""
