"""Which CRI a check means: that of the containerd of the same `address`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.containerd.connect import choose
from checks.doors.machine import Machine

if TYPE_CHECKING:
    from checks.cri.client import Cri


def connect(machine: Machine, address: str | None) -> Cri:
    # gRPC takes 80 ms to import, and checks are read, linted and listed without it.
    from checks.cri.client import Cri  # noqa: PLC0415

    return Cri(machine, choose(machine, address))
