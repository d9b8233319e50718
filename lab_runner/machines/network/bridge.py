"""The machines' network: one bridge, an address each, and the way out through the host.

A machine's end of its cable lies in its own namespace, so the cable goes with the
machine. What is made on the host is written down before it is made.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from lab_runner.errors import MachineError
from lab_runner.machines import folder, host, locks
from lab_runner.machines.network import addresses, firewall, settings

LOCK = Path("/run/labrun.lock")
INTERFACES = Path("/sys/class/net")


@dataclass(frozen=True, slots=True)
class Network:
    """The network as it was planned; `before` are the host's settings until then."""

    subnet: str
    mtu: int
    before: Mapping[str, int]

    @property
    def gateway(self) -> str:
        return self.address(1)

    def address(self, number: int) -> str:
        return str(ipaddress.ip_network(self.subnet)[number])


@contextmanager
def locked() -> Iterator[None]:
    """Hold the lock that every change of the host's network needs."""
    with locks.held(LOCK, "the network of lab machines is being changed", wait=30):
        yield


def ensure() -> Network:
    """Return the network, made or mended where it is not up."""
    network = _load()
    if network is None:
        # A bridge without a plan is what a crash has left.
        _delete_link(folder.tag())
        subnet = addresses.free_subnet(addresses.taken())
        network = Network(subnet, addresses.mtu(), settings.lacking())
        folder.write(_record(), json.dumps(asdict(network)))
    if not (INTERFACES / folder.tag()).exists():
        _make_bridge(network)
    if not firewall.is_up():
        firewall.put_up(folder.tag(), network.subnet)
    settings.make()
    return network


def take_down() -> None:
    """Remove all that `ensure` made."""
    if not _record().exists():
        return
    network = _load()
    firewall.take_down()
    _delete_link(folder.tag())
    # Whoever else has a bridge on this host relies on its settings by now.
    if network and not list(INTERFACES.glob("*/bridge")):
        settings.put_back(network.before)
    _record().unlink()


def attach(network: Network, number: int, pid: int) -> None:
    """Give the network namespace of process `pid` a cable to the bridge."""
    bridge, outer = folder.tag(), _cable(number)
    _delete_link(outer)
    _ip(
        f"link add {outer} mtu {network.mtu} type veth peer eth0 netns {pid}",
        f"link set {outer} master {bridge} up",
        f"link set {outer} type bridge_slave isolated on",
    )
    _ip(
        "link set lo up",
        f"addr add {network.address(number)}/24 dev eth0",
        f"link set eth0 mtu {network.mtu} up",
        f"route add default via {network.gateway}",
        within=["nsenter", f"--net=/proc/{pid}/ns/net"],
    )


def detach(number: int) -> None:
    _delete_link(_cable(number))


def resolv_conf() -> str:
    """Return the resolv.conf(5) for machines: the host's name servers they can reach."""
    return "".join(f"nameserver {server}\n" for server in addresses.name_servers())


def _load() -> Network | None:
    try:
        found = json.loads(_record().read_text())
        return Network(found["subnet"], found["mtu"], found.get("before", {}))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def _record() -> Path:
    return folder.root() / "network.json"


def _cable(number: int) -> str:
    return f"{folder.tag()}-{number}"


def _make_bridge(network: Network) -> None:
    bridge = folder.tag()
    # Without an address of its own a bridge takes that of its lowest port: with each
    # machine that comes or goes the others would talk to an address that is gone.
    _ip(
        f"link add {bridge} address {_hardware_address()} mtu {network.mtu} type bridge",
        f"addr add {network.gateway}/24 dev {bridge}",
        f"link set {bridge} up",
    )


def _hardware_address() -> str:
    number = folder.tag().rpartition("-")[2]
    return f"02:6c:62:00:{number[:2]}:{number[2:]}"


def _delete_link(name: str) -> None:
    link = INTERFACES / name
    deleted = not link.exists() or host.succeeds(["ip", "link", "delete", name])
    # A cable goes by itself with its machine, and may just have done so.
    if not deleted and link.exists():
        raise MachineError(f"the network interface `{name}` cannot be removed")


def _ip(*commands: str, within: Sequence[str] = ()) -> None:
    host.run([*within, "ip", "-batch", "-"], given="\n".join(commands))
