"""Addresses for lab machines that do not collide with what this host has."""

from __future__ import annotations

import json
from collections.abc import Sequence
from ipaddress import IPv4Network
from pathlib import Path

from lab_runner.errors import MachineError
from lab_runner.machines import host

# Ranges that neither Docker nor the usual Kubernetes networks take for themselves.
POOLS = ("10.213.0.0/16", "192.168.0.0/16", "100.64.0.0/10")
RESOLVERS = (Path("/etc/resolv.conf"), Path("/run/systemd/resolve/resolv.conf"))
ETHERNET = 1500


def free_subnet(taken: Sequence[str]) -> str:
    """Return a range of 256 addresses that overlaps none of the ranges taken."""
    others = [IPv4Network(each) for each in taken]
    for pool in POOLS:
        for subnet in IPv4Network(pool).subnets(new_prefix=24):
            if not any(subnet.overlaps(other) for other in others):
                return str(subnet)
    raise MachineError("no range of addresses is free for lab machines", "ip route")


def taken() -> list[str]:
    """Return the ranges and addresses that this host knows a way to."""
    routes = [route["dst"] for route in _routes() if route["dst"] != "default"]
    return [*routes, *name_servers()]


def name_servers(resolvers: Sequence[Path] = RESOLVERS) -> list[str]:
    """Return the host's IPv4 name servers; behind a local stub, those it asks."""
    for path in resolvers:
        lines = path.read_text().splitlines() if path.exists() else []
        words = [line.split() for line in lines]
        servers = [w[1] for w in words if w[:1] == ["nameserver"] and len(w) > 1]
        reachable = [s for s in servers if ":" not in s and not s.startswith("127.")]
        if reachable:
            return reachable
    return []


def resolv_conf() -> str:
    """Return the resolv.conf(5) that names the host's name servers."""
    return "".join(f"nameserver {server}\n" for server in name_servers())


def mtu() -> int:
    """Return what the way out can carry, so that nothing has to be cut up."""
    devices = [r["dev"] for r in _routes() if r["dst"] == "default" and "dev" in r]
    paths = [Path("/sys/class/net", device, "mtu") for device in devices]
    return min([ETHERNET, *(int(path.read_text()) for path in paths)])


def _routes() -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(
        host.run(["ip", "-json", "-4", "route", "show", "table", "all"])
    )
    return found
