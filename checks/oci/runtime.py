"""What runc says about a container, asked in a way that leaves no trace."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from checks.doors.machine import Machine
from checks.doors.process import Result
from checks.errors import CheckError, NotPermitted

DEFAULT_ROOT = "/run/runc"
# Where Docker and containerd keep theirs; containerd has a directory a namespace.
DOCKER_ROOT, CONTAINERD_ROOT = "/run/docker/runtime-runc/moby", "/run/containerd/runc"
# runc 1.0: container "web" does not exist; 1.1: container does not exist;
# crun under runc's name: error opening file `/run/crun/web/status`: No such file …
ABSENT = re.compile(r"container (\S+ )?does not exist|/status`: No such file")


@dataclass(frozen=True, slots=True)
class State:
    """A container's state; `root` is the state directory it was found in."""

    id: str
    pid: int
    status: str
    bundle: str
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
    raise _unexpected(result)


def elsewhere(machine: Machine, root: str, container_id: str) -> Iterator[str]:
    """Yield the other well-known state directories that have this container."""
    namespaces = _names(machine, CONTAINERD_ROOT)
    roots = [f"{CONTAINERD_ROOT}/{namespace}" for namespace in namespaces]
    for other in (DEFAULT_ROOT, DOCKER_ROOT, *roots):
        if other != root and container_id in _names(machine, other):
            yield other


def _is_there(machine: Machine, root: str) -> bool:
    """Tell whether the state directory is there; asking runc would create it."""
    try:
        machine.stat(root)
    except FileNotFoundError:
        return False
    return True


def _decoded(output: str, root: str, container_id: str) -> State:
    try:
        said = json.loads(output)
        found = State(said["id"], said["pid"], said["status"], said["bundle"], root)
    except (ValueError, RecursionError, KeyError, TypeError):
        raise CheckError("`runc state` printed no state of a container") from None
    if found.id != container_id:
        raise CheckError(f"`runc state` described the container `{found.id}`")
    return found


def _unexpected(result: Result) -> CheckError:
    said = result.stderr.strip()[-200:]
    if "permission denied" in said.lower():
        return NotPermitted("runc may not read its state", "run with `sudo`")
    return CheckError(f"`runc state` ended with {result.exit}: {said}")


def _names(machine: Machine, directory: str) -> list[str]:
    # Only for saying where else to look: what may not be listed is left out.
    with suppress(FileNotFoundError, CheckError):
        return machine.names(directory)
    return []
