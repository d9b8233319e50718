"""The networks of lab machines as they are written down, before they are made."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from lab_runner.errors import MachineError
from lab_runner.machines import folder
from lab_runner.machines.network import addresses

DEFAULT = "default"
ISOLATED = "isolated"
NUMBERS = range(256)


@dataclass(frozen=True, slots=True)
class Network:
    """A network of lab machines, number 0 the default one.

    `outside` says whether its machines reach the world, `shared` whether they reach
    each other.
    """

    name: str
    number: int
    subnet: str
    mtu: int
    outside: bool = True
    shared: bool = False

    @property
    def bridge(self) -> str:
        return f"{folder.tag()}n{self.number}" if self.number else folder.tag()

    @property
    def gateway(self) -> str:
        return self.address(1)

    def address(self, number: int) -> str:
        return str(ipaddress.ip_network(self.subnet)[number])


@dataclass(frozen=True, slots=True)
class Plan:
    """All networks of this folder; where there is any, the first is the default one."""

    networks: tuple[Network, ...] = ()

    @property
    def default(self) -> Network:
        """The network that has the mirror."""
        return self.networks[0]

    def find(self, name: str) -> Network | None:
        return next((each for each in self.networks if each.name == name), None)

    def named(self, name: str) -> Network:
        """Return the network of this name; raises MachineError if there is none."""
        if found := self.find(name):
            return found
        raise MachineError(f"the network `{name}` is gone", "labrun machine list")

    def route(self, network: Network) -> str:
        """Return what machines of a network reach through their gateway."""
        return "default" if network.outside else self.default.subnet

    def having(self, name: str, *, outside: bool = True, shared: bool = False) -> Plan:
        """Return the plan with a network of this name added, if it has none."""
        if self.find(name):
            return self
        numbers = {each.number for each in self.networks}
        free = [number for number in NUMBERS if number not in numbers]
        if not free:
            raise MachineError("there is no room for another network of machines")
        taken = [*addresses.taken(), *(each.subnet for each in self.networks)]
        subnet = addresses.free_subnet(taken)
        new = Network(name, free[0], subnet, addresses.mtu(), outside, shared)
        return Plan((*self.networks, new))

    def keeping(self, names: Iterable[str]) -> Plan:
        """Return the plan with the default network and those named, no others."""
        kept = {DEFAULT, *names}
        return Plan(tuple(each for each in self.networks if each.name in kept))


def load() -> Plan:
    """Return what is written down, nothing where a crash has emptied it."""
    try:
        found = json.loads(path().read_text())
        return Plan(tuple(Network(**each) for each in found["networks"]))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return Plan()


def save(plan: Plan) -> None:
    folder.write(path(), json.dumps(asdict(plan), indent=2))


def path() -> Path:
    return folder.root() / "network.json"
