"""The ports that something listens on, as the kernel's socket tables show them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Literal

from checks.doors.machine import Machine
from checks.errors import CheckError

Protocol = Literal["tcp", "udp"]
# <net/tcp_states.h>: TCP_LISTEN; a UDP socket that hears anyone is in TCP_CLOSE.
LISTENING = {"tcp": "0A", "udp": "07"}
# Not /proc/net, a link to the reader's own process, which another machine has not got.
TABLES = "/proc/1/net"


def addresses(machine: Machine, protocol: Protocol, port: int) -> list[str]:
    """Return the addresses on which something listens on a port, each once, sorted."""
    found = _listening(machine, protocol)
    return sorted({_address(each) for each, number in found if number == port})


def every(machine: Machine, protocol: Protocol) -> dict[int, list[str]]:
    """Return the addresses by port, for all ports that something listens on."""
    found: dict[int, set[str]] = {}
    for address, number in _listening(machine, protocol):
        found.setdefault(number, set()).add(_address(address))
    return {port: sorted(found[port]) for port in sorted(found)}


def _lines(machine: Machine, path: str) -> list[str]:
    try:
        return machine.read(path).decode().splitlines()[1:]
    except FileNotFoundError:
        if path.endswith("6"):  # a kernel without IPv6
            return []
        raise CheckError(f"there is no `{path}` on this machine") from None


def _listening(machine: Machine, protocol: Protocol) -> Iterator[tuple[str, int]]:
    """Yield local addresses, in hexadecimal as proc(5) has them, with their port."""
    table = f"{TABLES}/{protocol}"
    for line in [*_lines(machine, table), *_lines(machine, f"{table}6")]:
        _, local, _, state, *_ = line.split()
        address, _, number = local.partition(":")
        if state == LISTENING[protocol]:
            yield address, int(number, 16)


def _address(digits: str) -> str:
    """Write an address as people do; the kernel prints it in words of 32 bits."""
    words = [int(digits[at : at + 8], 16) for at in range(0, len(digits), 8)]
    return str(ip_address(b"".join(word.to_bytes(4, sys.byteorder) for word in words)))
