"""For tests of kinds: a machine made of a script, and daemons that run in the test.

The daemons are imported when they are first named: gRPC takes its time.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from checks.testing.machine import FakeMachine, Unscripted

if TYPE_CHECKING:
    from checks.testing.containerd import ContainerdServer
    from checks.testing.cri import CriServer
    from checks.testing.server import GrpcServer, Refusal

__all__ = [
    "ContainerdServer",
    "CriServer",
    "FakeMachine",
    "GrpcServer",
    "Refusal",
    "Unscripted",
]
DAEMONS = {
    "ContainerdServer": "checks.testing.containerd",
    "CriServer": "checks.testing.cri",
    "GrpcServer": "checks.testing.server",
    "Refusal": "checks.testing.server",
}


def __getattr__(name: str) -> Any:
    if name not in DAEMONS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(DAEMONS[name]), name)
