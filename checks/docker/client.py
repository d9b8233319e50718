"""Docker's Engine API over its unix socket, only ever read."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from checks.doors import http
from checks.doors.dial import NothingListens
from checks.doors.machine import Machine
from checks.errors import CheckError, SpecError, ToolMissing

SOCKETS = ("/var/run/docker.sock", "/run/docker.sock")
NO_NETWORK = re.compile("network .* not found")
START, STOP = "systemctl start docker", "systemctl stop docker.socket docker"


def check_address(address: str | None) -> None:
    """Raise SpecError for what is not the path of a socket."""
    if address and not address.removeprefix("unix://").startswith("/"):
        raise SpecError(
            f"`address`: `{address}` is not the path of a unix socket",
            f"write `{SOCKETS[0]}`",
            path=("address",),
        )


def get(machine: Machine, address: str | None, target: str) -> Any:
    """Ask for one path; returns decoded JSON, or None when there is no such object.

    `address` is a socket's path, else DOCKER_HOST and the usual places are tried.
    Raises NothingListens when Docker is provably not running, else CheckError.
    """
    server = machine.keep(
        ("docker", address),
        lambda: http.Server(machine, lambda: _dial(machine, address)),
    )
    reply = server.get(target)
    if reply.status == 200:
        return reply.json()
    message = _message(reply)
    if _means_absent(reply.status, message.lower()):
        return None
    raise CheckError(f"Docker answered {reply.status}: {message[:200]}")


def _message(reply: http.Reply) -> str:
    answer = reply.json() if reply.body else None
    return str(answer.get("message")) if isinstance(answer, dict) else "nothing"


def _means_absent(status: int, message: str) -> bool:
    # A 404 alone may be another server's; the second is said of a prefix of several
    # IDs, and only when no object has exactly that name.
    none = "no such" in message or NO_NETWORK.match(message)
    return bool(status == 404 and none) or (
        status in (400, 500) and "multiple ids found" in message
    )


def _dial(machine: Machine, address: str | None) -> http.Stream:
    *others, last = _paths(machine, address)
    for path in others:
        with suppress(NothingListens):
            return _reach(machine, path)
    return _reach(machine, last)


def _reach(machine: Machine, path: str) -> http.Stream:
    try:
        if path in SOCKETS:
            _let_sleep(machine, path)
        return http.dial(machine, path, "")
    except NothingListens as error:
        raise NothingListens(f"Docker is not running: {error.message}", START) from None


def _paths(machine: Machine, address: str | None) -> Sequence[str]:
    named = (address or _environment(machine)).removeprefix("unix://")
    if named and not named.startswith("/"):
        raise SpecError(
            f"`{named}` is not the path of a unix socket", f"write `{SOCKETS[0]}`"
        )
    return (named,) if named else SOCKETS


def _environment(machine: Machine) -> str:
    # Our environment says nothing about a machine that we only look into.
    host = os.environ.get("DOCKER_HOST", "") if machine.name == "local" else ""
    return host if host.startswith("unix://") else ""


def _let_sleep(machine: Machine, path: str) -> None:
    """Refuse to dial a socket that systemd holds: that would start Docker."""
    try:
        shown = machine.run(
            ["systemctl", "show", "--property=SubState", "docker.socket"]
        )
    except ToolMissing:
        return
    if shown.stdout.strip() == "SubState=listening":
        raise NothingListens(f"systemd waits on `{path}` to start it at its first use")
