"""The ways containerd is laid out, and which of them a machine has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain

from checks.doors import dial
from checks.doors.dial import NothingListens
from checks.doors.machine import Machine
from checks.errors import CheckError

RUNTIME_FOLDERS = "/run/user"


@dataclass(frozen=True, slots=True)
class Flavour:
    """Whose containerd it is, where it listens, its unit, and its `ctr`.

    `namespace` is what that `ctr` means when it is told none; `systemctl` is the
    command for the unit, `install` the one that brings it, where there is such a one.
    """

    name: str
    owner: str
    address: str
    unit: str
    ctr: tuple[str, ...]
    namespace: str = "default"
    systemctl: str = "systemctl"
    install: str = ""


DISTRIBUTION = Flavour(
    "distribution",
    "the distribution's containerd",
    "/run/containerd/containerd.sock",
    "containerd",
    ("ctr",),
    install="apt-get install containerd",
)
MICROK8S = Flavour(
    "microk8s",
    "MicroK8s' containerd",
    "/var/snap/microk8s/common/run/containerd.sock",
    "snap.microk8s.daemon-containerd",
    ("microk8s", "ctr"),
    "k8s.io",
)
K3S = Flavour(
    "k3s",
    "k3s' containerd",
    "/run/k3s/containerd/containerd.sock",
    "k3s",
    ("k3s", "ctr"),
    "k8s.io",
)
DOCKER = Flavour(
    "docker",
    "Docker's own containerd",
    "/run/docker/containerd/containerd.sock",
    "docker",
    ("ctr", "-a", "/run/docker/containerd/containerd.sock"),
    "moby",
)
SETTLED = (DISTRIBUTION, MICROK8S, K3S, DOCKER)
# A user's own: how its socket is reached depends on who runs it.
ROOTLESS = Flavour(
    "rootless",
    "a rootless containerd",
    "",
    "containerd",
    ("ctr",),
    systemctl="systemctl --user",
)
NAMES = tuple(each.name for each in (*SETTLED, ROOTLESS))


def at(address: str) -> Flavour:
    """Return the flavour that listens at this socket, else one of nobody's."""
    for each in SETTLED:
        if each.address == address:
            return each
    owner = f"the containerd at `{address}`"
    words = ("ctr", "-a", address)
    return Flavour("other", owner, address, DISTRIBUTION.unit, words)


def named(machine: Machine, name: str) -> Flavour:
    """Return the flavour of this name; raises NothingListens where nobody has it."""
    for each in SETTLED:
        if each.name == name:
            return each
    for each in rootless(machine):
        return each
    message = f"no user has a rootless containerd below `{RUNTIME_FOLDERS}`"
    raise NothingListens(message, "containerd-rootless-setuptool.sh install")


def answering(machine: Machine) -> Iterator[Flavour]:
    """Yield the flavours that somebody listens for, or that may not be asked."""
    for each in chain(SETTLED, rootless(machine)):
        try:
            dial.reach(machine, each.address, "").close()
        except NothingListens:
            continue
        except CheckError:
            pass
        yield each


def rootless(machine: Machine) -> Iterator[Flavour]:
    """Yield the containerds that users run for themselves, by their runtime folders."""
    for user in _users(machine):
        folder = f"{RUNTIME_FOLDERS}/{user}"
        child = _child(machine, f"{folder}/containerd-rootless/child_pid")
        if child:
            yield _inside(child)
        own = f"{folder}/containerd/containerd.sock"
        with suppress(OSError, CheckError):
            machine.stat(own)
            yield replace(ROOTLESS, address=own, ctr=("ctr", "-a", own))


def _users(machine: Machine) -> list[str]:
    with suppress(OSError, CheckError):
        return sorted(machine.names(RUNTIME_FOLDERS))
    return []


def _child(machine: Machine, path: str) -> int:
    with suppress(OSError, CheckError, ValueError):
        return int(machine.read(path, 32))
    return 0


def _inside(child: int) -> Flavour:
    """Return the containerd in the mount namespace of RootlessKit's child."""
    enter = ("nsenter", "-U", "--preserve-credentials", "-m", "-n", "-t", str(child))
    address = f"/proc/{child}/root{DISTRIBUTION.address}"
    return replace(ROOTLESS, address=address, ctr=(*enter, "ctr"))
