"""What runc says about a container, asked in a way that leaves no trace."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from checks.doors.machine import Machine
from checks.doors.process import Result
from checks.errors import CheckError, NotPermitted

DEFAULT_ROOT = "/run/runc"
# Where others keep theirs; containerd has a directory a namespace, a user one of runc.
DOCKER_ROOT, CONTAINERD_ROOT = "/run/docker/runtime-runc/moby", "/run/containerd/runc"
CRUN_ROOT, USERS_ROOT = "/run/crun", "/run/user"
# runc 1.0: container "web" does not exist; 1.1: container does not exist;
# crun under runc's name: error opening file `/run/crun/web/status`: No such file …
ABSENT = re.compile(r"container (\S+ )?does not exist|/status`: No such file")
MALFORMED = (ValueError, RecursionError, KeyError, TypeError, AttributeError)
# What the runtimes keep of a container, in a directory of its name.
RUNC_KEEPS, CRUN_KEEPS = "state.json", "status"


@dataclass(frozen=True, slots=True)
class State:
    """A container's state; `root` is the state directory it was found in.

    `rootfs` is empty and `created` (RFC 3339) as well where the runtime tells none.
    """

    id: str
    pid: int
    status: str
    bundle: str
    rootfs: str
    created: str
    annotations: Mapping[str, str]
    root: str


def state(machine: Machine, root: str, container_id: str) -> State | None:
    """Return a container's state, or None when there is provably none.

    Raises ToolMissing without runc, NotPermitted, or CheckError for any other answer.
    """
    if not _is_there(machine, root):
        machine.run(["runc", "--version"])  # without runc, nothing can be told
        return None
    result = machine.run(["runc", "--root", root, "state", container_id])
    if result.exit == 0:
        return _decoded(result.stdout, root, container_id)
    if result.exit == 1 and ABSENT.search(result.stderr):
        return None
    raise _unexpected("state", result)


def remains(machine: Machine, root: str, container_id: str) -> tuple[str, str] | None:
    """Say what is in the way of a container that `state` does not find, if anything.

    Returns a sentence and the command that clears it away. Raises CheckError when it is one of runc and what answers to runc's name is not.
    """
    directory = f"{root}/{container_id}"
    try:
        kept = machine.names(directory)
    except FileNotFoundError:
        return None
    if RUNC_KEEPS in kept:
        raise CheckError(
            f"the `runc` here does not know the container of runc in `{directory}`:"
            " another runtime, such as crun, goes by its name",
            "ask `runc --version` what it is, and install runc",
        )
    if CRUN_KEEPS in kept:
        remedy = shlex.join(["crun", "--root", root, "delete", "--force", container_id])
        return f"`{directory}` is a container of crun", remedy
    remedy = shlex.join(["rm", "-r", directory])
    return f"`{directory}` is left of one that was not made to its end", remedy


def elsewhere(machine: Machine, root: str, container_id: str) -> Iterator[str]:
    """Yield the other well-known state directories that have this container."""
    for other in _roots(machine):
        if other != root and container_id in _names(machine, other):
            yield other


def states(machine: Machine) -> Iterator[State]:
    """Yield the containers of runc in all well-known state directories.

    Raises as `state` does.
    """
    machine.run(["runc", "--version"])  # without runc, nothing can be told
    for root in _roots(machine):
        if _names(machine, root):
            result = machine.run(["runc", "--root", root, "list", "--format", "json"])
            if result.exit:
                raise _unexpected("list", result)
            yield from _listed(result.stdout, root)


def _roots(machine: Machine) -> Iterator[str]:
    yield from (DEFAULT_ROOT, DOCKER_ROOT, CRUN_ROOT)
    for namespace in _names(machine, CONTAINERD_ROOT):
        yield f"{CONTAINERD_ROOT}/{namespace}"
    for user in _names(machine, USERS_ROOT):
        yield f"{USERS_ROOT}/{user}/runc"


def _is_there(machine: Machine, root: str) -> bool:
    """Tell whether the state directory is there; asking runc would create it."""
    try:
        machine.stat(root)
    except FileNotFoundError:
        return False
    return True


def _decoded(output: str, root: str, container_id: str) -> State:
    try:
        found = _state(json.loads(output), root)
    except MALFORMED:
        raise CheckError("`runc state` printed no state of a container") from None
    if found.id != container_id:
        raise CheckError(f"`runc state` described the container `{found.id}`")
    return found


def _listed(output: str, root: str) -> list[State]:
    try:
        return [_state(each, root) for each in json.loads(output) or []]
    except MALFORMED:
        raise CheckError("`runc list` printed no list of containers") from None


def _state(said: Any, root: str) -> State:
    return State(
        id=said["id"],
        pid=said["pid"],
        status=said["status"],
        bundle=said["bundle"],
        rootfs=said.get("rootfs") or "",
        created=said.get("created") or "",
        annotations={str(k): str(v) for k, v in _annotations(said).items()},
        root=root,
    )


def _annotations(said: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    return said.get("annotations") or {}


def _unexpected(verb: str, result: Result) -> CheckError:
    said = result.stderr.strip()[-200:]
    if "permission denied" in said.lower():
        return NotPermitted("runc may not read its state", "run with `sudo`")
    return CheckError(f"`runc {verb}` ended with {result.exit}: {said}")


def _names(machine: Machine, directory: str) -> list[str]:
    # Only for saying where else to look: what may not be listed is left out.
    with suppress(FileNotFoundError, CheckError):
        return machine.names(directory)
    return []
