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
    lines = [
        *_lines(machine, f"{TABLES}/{protocol}"),
        *_lines(machine, f"{TABLES}/{protocol}6"),
    ]
    return sorted({_address(each) for each in _listening(lines, protocol, port)})


def _lines(machine: Machine, path: str) -> list[str]:
    try:
        return machine.read(path).decode().splitlines()[1:]
    except FileNotFoundError:
        if path.endswith("6"):  # a kernel without IPv6
            return []
        raise CheckError(f"there is no `{path}` on this machine") from None


def _listening(lines: list[str], protocol: Protocol, port: int) -> Iterator[str]:
    """Yield the local addresses, in hexadecimal as proc(5) has them."""
    for line in lines:
        _, local, _, state, *_ = line.split()
        address, _, number = local.partition(":")
        if state == LISTENING[protocol] and int(number, 16) == port:
            yield address


def _address(digits: str) -> str:
    """Write an address as people do; the kernel prints it in words of 32 bits."""
    words = [int(digits[at : at + 8], 16) for at in range(0, len(digits), 8)]
    return str(ip_address(b"".join(word.to_bytes(4, sys.byteorder) for word in words)))
