"""What there is in place of a package: looked for only when it is missing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from difflib import get_close_matches

from checks.doors.machine import Machine
from checks.errors import CheckError
from checks.host import dpkg, programs
from checks.host.wording import names

SIMILAR = 0.8  # packages have names of a few letters: less alike is another thing


def explain(machine: Machine, name: str) -> tuple[str, str]:
    """Return what to say after "is not installed" and what helps.

    Each look tells its own near miss; one that goes wrong explains less.
    """
    for look in LOOKS:
        with suppress(CheckError):
            if found := look(machine, name):
                return found
    return "", f"apt install {name}"


def _virtual(machine: Machine, name: str) -> tuple[str, str] | None:
    installed = dpkg.installed(machine)
    providers = [each for each, provided in installed.items() if name in provided]
    if providers:
        said = f", only {names(providers)}, which provides it under another name"
        return said, f"apt install {name}"
    near = get_close_matches(name, installed, n=1, cutoff=SIMILAR)
    return (f", but `{near[0]}` is", f"apt install {name}") if near else None


def _program(machine: Machine, name: str) -> tuple[str, str] | None:
    path, _ = programs.find(machine, name)
    if not path:
        return None
    owner = dpkg.owner(machine, name)
    source = f"the package `{owner}`" if owner else "no package"
    return f", but `{path}` is there, from {source}", f"apt install {name}"


def _snap(machine: Machine, name: str) -> tuple[str, str] | None:
    with suppress(FileNotFoundError):
        machine.stat(f"/snap/{name}")
        return ", but there is a snap of that name", f"snap list {name}"
    return None


def _unknown(machine: Machine, name: str) -> tuple[str, str] | None:
    if dpkg.offered(machine, name):
        return None
    return ", and no source of this machine offers it", "apt update"


Look = Callable[[Machine, str], tuple[str, str] | None]
LOOKS: tuple[Look, ...] = (_program, _snap, _virtual, _unknown)
