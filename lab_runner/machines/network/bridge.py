"""The bridge of a network, and the cable from it to each machine.

A machine's end of its cable lies in its own namespace, so the cable goes with the
machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from lab_runner.errors import MachineError
from lab_runner.machines import folder, host
from lab_runner.machines.network.plan import Network

INTERFACES = Path("/sys/class/net")
IPV6 = Path("/proc/sys/net/ipv6/conf")
IFF_UP = 1


def every() -> list[str]:
    """Return the names of all bridges of this host."""
    return [path.parent.name for path in INTERFACES.glob("*/bridge")]


def ours() -> list[str]:
    """Return the names of this folder's bridges, also of those that no plan knows."""
    return [name for name in every() if name.startswith(folder.tag())]


def is_up(network: Network) -> bool:
    flags = INTERFACES / network.bridge / "flags"
    return flags.exists() and bool(int(flags.read_text(), 16) & IFF_UP)


def make(network: Network) -> None:
    """Make a bridge, or the rest of one whose making was cut short."""
    name = network.bridge
    if not (INTERFACES / name).exists():
        # Without an address of its own a bridge takes that of its lowest port: with
        # each machine that comes or goes the others would talk to one that is gone.
        address = _hardware_address("62", network.number)
        _ip(f"link add {name} address {address} mtu {network.mtu} type bridge")
    _disable_ipv6(name)
    _ip(f"addr replace {network.gateway}/24 dev {name}", f"link set {name} up")


def attach(network: Network, number: int, pid: int, route: str) -> None:
    """Give the network namespace of process `pid` a cable to the bridge."""
    outer = _cable(number)
    delete(outer)
    # A machine that is renewed is found where its neighbours knew it.
    inner = f"eth0 address {_hardware_address('63', number)} netns {pid}"
    _ip(
        f"link add {outer} mtu {network.mtu} type veth peer {inner}",
        f"link set {outer} master {network.bridge} up",
        f"link set {outer} type bridge_slave isolated {'off' if network.shared else 'on'}",
    )
    _ip(
        "link set lo up",
        f"addr add {network.address(number)}/24 dev eth0",
        f"link set eth0 mtu {network.mtu} up",
        f"route add {route} via {network.gateway}",
        within=["nsenter", f"--net=/proc/{pid}/ns/net"],
    )


def detach(number: int) -> None:
    delete(_cable(number))


def delete(name: str) -> None:
    link = INTERFACES / name
    deleted = not link.exists() or host.succeeds(["ip", "link", "delete", name])
    # A cable goes by itself with its machine, and may just have done so.
    if not deleted and link.exists():
        raise MachineError(f"the network interface `{name}` cannot be removed")


def _cable(number: int) -> str:
    return f"{folder.tag()}-{number}"


def _disable_ipv6(name: str) -> None:
    """Leave machines no way to this host past its rules, which are for IPv4."""
    with suppress(FileNotFoundError):  # this host has no IPv6
        try:
            (IPV6 / name / "disable_ipv6").write_text("1")
        except OSError as error:
            raise MachineError(
                f"IPv6 cannot be switched off on `{name}`: {error.strerror}"
            ) from None


def _hardware_address(kind: str, number: int) -> str:
    tag = folder.tag().rpartition("-")[2]
    return f"02:6c:{kind}:{number:02x}:{tag[:2]}:{tag[2:]}"


def _ip(*commands: str, within: Sequence[str] = ()) -> None:
    host.run([*within, "ip", "-batch", "-"], given="\n".join(commands))
