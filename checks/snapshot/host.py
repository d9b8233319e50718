"""The parts of a snapshot that any machine has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress

from checks.doors.machine import Machine
from checks.errors import CheckError
from checks.host import accounts, dpkg, kernel, mounts, processes, sockets, systemd
from checks.host.sockets import Protocol
from checks.snapshot.model import Part

KERNEL_THREADS = 2  # the parent of them all
ARGUMENTS_LIMIT = 200
# Those that containers and networks of a lab change.
PARAMETERS = (
    "kernel/hostname",
    "net/ipv4/ip_forward",
    "net/ipv6/conf/all/forwarding",
    "user/max_user_namespaces",
    "vm/max_map_count",
    "vm/overcommit_memory",
    "vm/swappiness",
)
PROTOCOLS: tuple[Protocol, ...] = ("tcp", "udp")


def _packages(machine: Machine) -> Part:
    return {
        f"{each.name}:{each.architecture}": f"{each.version} {each.wish} {each.state}"
        for each in dpkg.every(machine)
    }


def _users(machine: Machine) -> Part:
    return {
        each.name: f"{each.uid}:{each.gid} {each.home} {each.shell}"
        for each in accounts.users(machine)
    }


def _groups(machine: Machine) -> Part:
    return {
        each.name: " ".join([each.gid, *each.members])
        for each in accounts.groups(machine)
    }


def _mounts(machine: Machine) -> Part:
    return {
        each.target: f"{each.source} {each.fstype} {','.join(each.options)}"
        for each in mounts.mounted(machine)
    }


def _ports(machine: Machine) -> Part:
    return {
        f"{port}/{protocol}": ", ".join(addresses)
        for protocol in PROTOCOLS
        for port, addresses in sockets.every(machine, protocol).items()
    }


def _processes(machine: Machine) -> Part:
    names = _user_names(machine)
    return {
        f"{each.pid} {each.name}": (
            f"{names.get(str(each.uid), each.uid)}: {each.arguments[:ARGUMENTS_LIMIT]}"
        )
        for each in processes.every(machine)
        if KERNEL_THREADS not in (each.pid, each.parent)
    }


def _user_names(machine: Machine) -> dict[str, str]:
    with suppress(CheckError):
        return {each.uid: each.name for each in accounts.users(machine)}
    return {}


def _parameters(machine: Machine) -> Part:
    found = {each: kernel.value(machine, each) for each in PARAMETERS}
    known = {each: value for each, value in found.items() if value is not None}
    if not known:
        raise CheckError(f"there is no `{kernel.ROOT}` on this machine")
    return known


PARTS: Mapping[str, Callable[[Machine], Part]] = {
    "packages": _packages,
    "units": systemd.states,
    "users": _users,
    "groups": _groups,
    "mounts": _mounts,
    "parameters": _parameters,
    "ports": _ports,
    "processes": _processes,
}
