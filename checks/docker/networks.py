"""Docker's networks as frozen records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from checks.docker import client
from checks.docker.decode import entries, field, labels, or_empty, text
from checks.doors.machine import Machine


@dataclass(frozen=True, slots=True)
class Network:
    """A network; `subnets` and `gateways` are those of its address pools, in order.

    `containers` are the names of the containers on it that run.
    """

    id: str
    name: str
    driver: str
    internal: bool
    subnets: tuple[str, ...]
    gateways: tuple[str, ...]
    containers: tuple[str, ...]
    labels: Mapping[str, str]


def network(machine: Machine, address: str | None, name: str) -> Network | None:
    """Return the network of this name or full ID, never one of a prefix of its ID."""
    answer = client.get(machine, address, f"/networks/{quote(name, safe='')}")
    found = None if answer is None else _network(answer)
    return found if found and name in (found.id, found.name) else None


def names(machine: Machine, address: str | None) -> list[str]:
    listed = entries(client.get(machine, address, "/networks"))
    return [text(each, "Name") for each in listed]


def _network(answer: Any) -> Network:
    pools = or_empty(field(answer, "IPAM", dict), "Config", list)
    connected = or_empty(answer, "Containers", dict).values()
    return Network(
        id=text(answer, "Id"),
        name=text(answer, "Name"),
        driver=text(answer, "Driver"),
        internal=field(answer, "Internal", bool),
        subnets=tuple(text(pool, "Subnet") for pool in pools if "Subnet" in pool),
        gateways=tuple(text(pool, "Gateway") for pool in pools if "Gateway" in pool),
        containers=tuple(sorted(text(each, "Name") for each in connected)),
        labels=labels(answer),
    )
