"""Which containerd a check means, the client that asks it and the `ctr` it is given."""

from __future__ import annotations

import os
import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from checks.containerd import flavours
from checks.containerd.flavours import DISTRIBUTION, Flavour
from checks.doors.machine import Machine
from checks.errors import SpecError
from checks.words import did_you_mean

if TYPE_CHECKING:
    from checks.containerd.client import Containerd

DEFAULT_ADDRESS = DISTRIBUTION.address
# What containerd accepts as a namespace.
IDENTIFIER = re.compile(r"[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*")
FOUND, GIVEN = "containerd", "containerd that is given"


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found on a machine, kept with its connections."""

    flavour: Flavour

    def close(self) -> None:
        pass


@dataclass(frozen=True, slots=True)
class _Given:
    """What is to be asked where a check names nothing; empty for nothing in particular."""

    address: str

    def close(self) -> None:
        pass


def give(machine: Machine, address: str) -> None:
    """Have checks that name no containerd ask this one; raises SpecError."""
    check_address(address)
    machine.keep(GIVEN, lambda: _Given(address))


def connect(
    machine: Machine, address: str | None, namespace: str | None = None
) -> Containerd:
    """Return the client of the containerd that a check's `address` means.

    Its `namespace` is the one that is given, else CONTAINERD_NAMESPACE, else what the
    `ctr` of this containerd means when it is told none.
    """
    # gRPC takes 80 ms to import, and checks are read, linted and listed without it.
    from checks.containerd.client import Containerd  # noqa: PLC0415

    flavour = choose(machine, address)
    usual = _environment(machine, "CONTAINERD_NAMESPACE") or flavour.namespace
    return Containerd(machine, flavour, namespace or usual, usual)


def check_place(namespace: str | None, address: str | None) -> None:
    """Raise SpecError for a namespace or a socket that no containerd can have."""
    if namespace is not None and not IDENTIFIER.fullmatch(namespace):
        raise SpecError(
            f"`namespace`: `{namespace}` cannot be a namespace of containerd",
            "use letters and digits, with single `.`, `_` or `-` between them",
            path=("namespace",),
        )
    check_address(address)


def check_address(address: str | None) -> None:
    """Raise SpecError unless it is the path of a socket or the name of a flavour."""
    if address and address not in flavours.NAMES and not _path(address):
        near = did_you_mean(address, flavours.NAMES)
        raise SpecError(
            f"`address`: `{address}` is not the path of a socket{near}",
            f"write `{DEFAULT_ADDRESS}`, or one of {', '.join(flavours.NAMES)}",
            path=("address",),
        )


def choose(machine: Machine, address: str | None) -> Flavour:
    """Return the containerd that is meant.

    It is the one that the key names, else the one that was given to the machine, else
    CONTAINERD_ADDRESS, else the first that answers, the distribution's before all
    others. The variables speak of the machine
    they are set on, not of a lab machine.
    """
    told = machine.keep(GIVEN, lambda: _Given("")).address
    given = address or told or _environment(machine, "CONTAINERD_ADDRESS")
    if given in flavours.NAMES:
        return flavours.named(machine, given)
    if given:
        return flavours.at(_required_path(given))
    return machine.keep(FOUND, lambda: _Found(_first(machine))).flavour


def resolve(machine: Machine, address: str | None) -> str:
    """Return the path of the socket of the containerd that is meant."""
    return choose(machine, address).address


def ctr(client: Containerd, namespace: str, *words: str) -> str:
    """Return the `ctr` command line for a namespace of this containerd."""
    chosen = () if namespace == client.usual else ("-n", namespace)
    return shlex.join((*client.flavour.ctr, *chosen, *words))


def _first(machine: Machine) -> Flavour:
    return next(flavours.answering(machine), DISTRIBUTION)


def _environment(machine: Machine, name: str) -> str:
    return os.environ.get(name, "") if machine.name == "local" else ""


def _required_path(given: str) -> str:
    path = _path(given)
    if not path:
        raise SpecError(
            f"`{given}` is not the path of a socket", f"write `{DEFAULT_ADDRESS}`"
        )
    return path


def _path(address: str) -> str:
    path = address.removeprefix("unix://")
    return path if path.startswith("/") else ""
