"""What a change of a machine asks for: the entry of a check that would notice it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from checks.snapshot.model import Change
from lab_runner.inference.model import Fact, fact, gone

DOCKER = {
    "image": "docker-image",
    "container": "docker-container",
    "network": "docker-network",
    "volume": "docker-volume",
}
CONTAINERD = ("image", "container", "task", "lease")
ACTIVE = {"active": True, "inactive": False}


def propose(change: Change) -> Fact | None:
    """Return the fact that a change leaves; None where no kind of check can tell it."""
    part, _, address = change.part.partition(" ")
    if part == "containerd":
        return _containerd(change, address)
    return PROPOSALS[part](change) if part in PROPOSALS else None


def _there(kind: str, name: str, change: Change, **scope: str) -> Fact:
    """Return that something is there, or that it is gone."""
    return (
        gone(kind, name, **scope) if change.after is None else fact(kind, name, **scope)
    )


def _package(change: Change) -> Fact | None:
    name = change.name.partition(":")[0]
    if change.after is None or change.after.endswith(" installed"):
        return _there("package", name, change)
    return None


def _unit(change: Change) -> Fact | None:
    state = (change.after or "").partition(" ")[0]
    name = change.name.removesuffix(".service")
    if change.after is None:
        return None
    return fact("service", name, active=ACTIVE[state]) if state in ACTIVE else None


def _named(kind: str) -> Callable[[Change], Fact | None]:
    def proposed(change: Change) -> Fact | None:
        if change.before is not None and change.after is not None:
            return None
        return _there(kind, change.name, change)

    return proposed


def _parameter(change: Change) -> Fact | None:
    name = change.name.replace("/", ".")
    return fact("sysctl", name, value=change.after) if change.after else None


def _port(change: Change) -> Fact | None:
    number, _, protocol = change.name.partition("/")
    if change.before is not None and change.after is not None:
        return None
    scope = {} if protocol == "tcp" else {"protocol": protocol}
    return _there("port", number, change, **scope)


def _containerd(change: Change, address: str) -> Fact | None:
    """Name an object of a containerd; a task by the state that it is in."""
    scope = {} if address == "/run/containerd/containerd.sock" else {"address": address}
    namespace, colon, name = change.name.partition(": ")
    if not colon:
        return _there(
            "namespace", change.name.removeprefix("namespace "), change, **scope
        )
    kind, _, name = name.partition(" ")
    if kind not in CONTAINERD:
        return None
    scope["namespace"] = namespace
    if kind == "task" and change.after is not None:
        return fact("task", name, **scope, status=change.after)
    return _there(kind, name, change, **scope)


def _docker(change: Change) -> Fact | None:
    what, _, name = change.name.partition(" ")
    if what == "container" and change.after is not None:
        return fact("docker-container", name, state=change.after.partition(" ")[0])
    return _there(DOCKER[what], name, change) if what in DOCKER else None


def _runc(change: Change) -> Fact | None:
    root, _, name = change.name.rpartition("/")
    scope = {} if root == "/run/runc" else {"root": root}
    if change.after is None:
        return gone("runc", name, **scope)
    return fact("runc", name, **scope, status=change.after.partition(" ")[0])


def _file(change: Change) -> Fact | None:
    """Name a file that came or went; of one that was changed nothing is sure."""
    if change.before is not None and change.after is not None:
        return None
    kind = (change.after or "").partition(" ")[0]
    scope = {"type": "directory"} if kind == "directory" else {}
    return _there("file", change.name, change, **scope)


PROPOSALS: Mapping[str, Callable[[Change], Fact | None]] = {
    "packages": _package,
    "units": _unit,
    "users": _named("user"),
    "groups": _named("group"),
    "mounts": _named("mount"),
    "parameters": _parameter,
    "ports": _port,
    "docker": _docker,
    "runc": _runc,
    "files": _file,
}
