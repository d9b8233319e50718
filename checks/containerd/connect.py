"""Where containerd listens, the client that asks it and the `ctr` that changes it."""

from __future__ import annotations

import os
import re
import shlex
from typing import TYPE_CHECKING

from checks.doors.machine import Machine
from checks.errors import SpecError

if TYPE_CHECKING:
    from checks.containerd.client import Containerd

DEFAULT_ADDRESS = "/run/containerd/containerd.sock"
# What containerd accepts as a namespace.
IDENTIFIER = re.compile(r"[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*")


def connect(machine: Machine, address: str | None) -> Containerd:
    """Return the client of the containerd that a check's `address` means."""
    # gRPC takes 80 ms to import, and checks are read, linted and listed without it.
    from checks.containerd.client import Containerd  # noqa: PLC0415

    return Containerd(machine, resolve(machine, address))


def check_place(namespace: str, address: str | None) -> None:
    """Raise SpecError for a namespace or a socket that no containerd can have."""
    if not IDENTIFIER.fullmatch(namespace):
        raise SpecError(
            f"`namespace`: `{namespace}` cannot be a namespace of containerd",
            "use letters and digits, with single `.`, `_` or `-` between them",
            path=("namespace",),
        )
    check_address(address)


def check_address(address: str | None) -> None:
    if address and not address.removeprefix("unix://").startswith("/"):
        raise SpecError(
            f"`address`: `{address}` is not the path of a socket",
            f"write `{DEFAULT_ADDRESS}`",
            path=("address",),
        )


def resolve(machine: Machine, address: str | None) -> str:
    """Return the socket's path: the key, else CONTAINERD_ADDRESS, else the default.

    The variable speaks of the machine it is set on, not of a lab machine.
    """
    here = os.environ.get("CONTAINERD_ADDRESS") if machine.name == "local" else None
    given = address or here or DEFAULT_ADDRESS
    path = given.removeprefix("unix://")
    if not path.startswith("/"):
        raise SpecError(
            f"`{given}` is not the path of a socket", f"write `{DEFAULT_ADDRESS}`"
        )
    return path


def ctr(client: Containerd, namespace: str, *words: str) -> str:
    """Return the `ctr` command line for a namespace of this containerd."""
    address = () if client.address == DEFAULT_ADDRESS else ("-a", client.address)
    chosen = () if namespace == "default" else ("-n", namespace)
    return shlex.join(("ctr", *address, *chosen, *words))
