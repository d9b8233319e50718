"""Which CRI a check means, that of the containerd at `address`, and its `crictl`."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from checks.containerd.connect import DEFAULT_ADDRESS, choose
from checks.doors.machine import Machine

if TYPE_CHECKING:
    from checks.cri.client import Cri


def connect(machine: Machine, address: str | None) -> Cri:
    # gRPC takes 80 ms to import, and checks are read, linted and listed without it.
    from checks.cri.client import Cri  # noqa: PLC0415

    return Cri(machine, choose(machine, address))


def crictl(client: Cri, *words: str) -> str:
    """Return the `crictl` command line for the CRI that was asked."""
    address = client.flavour.address
    asked = () if address == DEFAULT_ADDRESS else ("-r", f"unix://{address}")
    return shlex.join(("crictl", *asked, *words))
