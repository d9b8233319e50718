"""Why no pod can run: CRI is switched off, or it lacks what it needs."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from checks.containerd.flavours import DISTRIBUTION, Flavour
from checks.doors.machine import Machine
from checks.errors import CheckError
from checks.findings import shown

if TYPE_CHECKING:
    from checks.cri.client import Cri
    from checks.cri.proto.runtime_pb2 import RuntimeCondition

RUNTIME, NETWORK = "RuntimeReady", "NetworkReady"
CONFIGURATION = "/etc/containerd/config.toml"
# As a plugin is called in configurations of version 1, and in later ones.
PLUGIN = frozenset(("cri", "io.containerd.grpc.v1.cri"))


def disabling(machine: Machine, flavour: Flavour) -> str:
    """Return the file that has CRI among the plugins not to load, else ``."""
    disabled: object = None
    with suppress(OSError, CheckError, ValueError):
        if flavour is DISTRIBUTION:
            configuration = tomllib.loads(machine.read(CONFIGURATION).decode())
            disabled = configuration.get("disabled_plugins")
    return (
        CONFIGURATION
        if isinstance(disabled, list) and not PLUGIN.isdisjoint(map(str, disabled))
        else ""
    )


@dataclass(frozen=True, slots=True)
class Lack:
    """A condition of CRI that does not hold, in words, and the command that tells more."""

    condition: str
    said: str
    hint: str


def lack(client: Cri, conditions: Mapping[str, RuntimeCondition]) -> Lack | None:
    """Return the first that pods lack to be run, else None."""
    for name in (RUNTIME, NETWORK):
        if not conditions[name].status:
            return _lack(client, conditions[name])
    return None


def _lack(client: Cri, condition: RuntimeCondition) -> Lack:
    said, folder = _worded(condition), ""
    if condition.type == NETWORK:
        folder = _network_folder(client)
    if not folder:
        return Lack(condition.type, said, f"journalctl -u {client.flavour.unit}")
    looked = f"{said}; configuration of CNI is looked for in `{folder}`"
    return Lack(condition.type, looked, f"ls {folder}")


def _network_folder(client: Cri) -> str:
    """Return the folder in which configuration of CNI is looked for, else ``."""
    with suppress(CheckError, ValueError, KeyError, TypeError):
        folder = json.loads(client.information()["config"])["cni"]["confDir"]
        return shown(str(folder))
    return ""


def _worded(condition: RuntimeCondition) -> str:
    """Word a condition that does not hold: `NetworkReady is false (Reason: message)`."""
    said = ": ".join(filter(None, (condition.reason, condition.message)))
    return f"{condition.type} is false" + (f" ({shown(said)})" if said else "")
