"""The machines' network: one bridge, an address each, and the way out through the host.

A machine's end of its cable lies in its own namespace, so the cable goes with the
machine. What is made on the host is written down before it is made.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from lab_runner.errors import MachineError
from lab_runner.machines import firewall, folder, host, locks

# Ranges that neither Docker nor the usual Kubernetes networks take for themselves.
POOLS = ("10.213.0.0/16", "192.168.0.0/16", "100.64.0.0/10")
LOCK = Path("/run/labrun.lock")
FORWARDING = Path("/proc/sys/net/ipv4/ip_forward")
INTERFACES = Path("/sys/class/net")
RESOLVERS = (Path("/etc/resolv.conf"), Path("/run/systemd/resolve/resolv.conf"))


@dataclass(frozen=True, slots=True)
class Network:
    """The network as it was planned; `forwarding` says that labrun turned it on."""

    subnet: str
    mtu: int
    forwarding: bool

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
        network = Network(_free_subnet(), _mtu(), FORWARDING.read_text().strip() == "0")
        folder.write(_record(), json.dumps(asdict(network)))
    if not (INTERFACES / folder.tag()).exists():
        _make_bridge(network)
    if not firewall.is_up():
        firewall.put_up(folder.tag(), network.subnet)
    if FORWARDING.read_text().strip() == "0":
        FORWARDING.write_text("1")
    return network


def take_down() -> None:
    """Remove all that `ensure` made."""
    network = _load()
    if network is None:
        return
    firewall.take_down()
    _delete_link(folder.tag())
    # Whoever else has a bridge on this host relies on forwarding by now.
    if network.forwarding and not list(INTERFACES.glob("*/bridge")):
        FORWARDING.write_text("0")
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
    return "".join(f"nameserver {server}\n" for server in _name_servers())


def _load() -> Network | None:
    try:
        return Network(**json.loads(_record().read_text()))
    except FileNotFoundError:
        return None


def _record() -> Path:
    return folder.root() / "network.json"


def _cable(number: int) -> str:
    return f"{folder.tag()}-{number}"


def _make_bridge(network: Network) -> None:
    bridge = folder.tag()
    _ip(
        f"link add {bridge} mtu {network.mtu} type bridge",
        f"addr add {network.gateway}/24 dev {bridge}",
        f"link set {bridge} up",
    )


def _delete_link(name: str) -> None:
    link = INTERFACES / name
    deleted = not link.exists() or host.succeeds(["ip", "link", "delete", name])
    # A cable goes by itself with its machine, and may just have done so.
    if not deleted and link.exists():
        raise MachineError(f"the network interface `{name}` cannot be removed")


def _ip(*commands: str, within: Sequence[str] = ()) -> None:
    host.run([*within, "ip", "-batch", "-"], given="\n".join(commands))


def _free_subnet() -> str:
    taken = [
        ipaddress.ip_network(route["dst"])
        for route in _routes()
        if route["dst"] != "default"
    ]
    taken += [ipaddress.ip_network(server) for server in _name_servers()]
    for pool in POOLS:
        for subnet in ipaddress.ip_network(pool).subnets(new_prefix=24):
            if not any(subnet.overlaps(other) for other in taken):
                return str(subnet)
    raise MachineError("no range of addresses is free for lab machines", "ip route")


def _routes() -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(
        host.run(["ip", "-json", "-4", "route", "show", "table", "all"])
    )
    return found


def _name_servers() -> list[str]:
    """Return the host's IPv4 name servers; behind a local stub, those it asks."""
    for path in RESOLVERS:
        words = [line.split() for line in _text(path).splitlines()]
        servers = [w[1] for w in words if w[:1] == ["nameserver"] and len(w) > 1]
        reachable = [s for s in servers if ":" not in s and not s.startswith("127.")]
        if reachable:
            return reachable
    return []


def _mtu() -> int:
    """Return what the way out can carry, so that nothing has to be cut up."""
    devices = [r["dev"] for r in _routes() if r["dst"] == "default" and "dev" in r]
    found = [int((INTERFACES / device / "mtu").read_text()) for device in devices]
    return min([1500, *found])


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
