"""Docker's Engine API over its unix socket, only ever read."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from checks.docker.connect import SOCKETS, connect
from checks.doors import http
from checks.doors.machine import Machine
from checks.errors import CheckError, SpecError, TimedOut

NO_NETWORK = re.compile("network .* not found")


def check_address(address: str | None) -> None:
    """Raise SpecError for what is not the path of a socket."""
    if address and not address.removeprefix("unix://").startswith("/"):
        raise SpecError(
            f"`address`: `{address}` is not the path of a unix socket",
            f"write `{SOCKETS[0]}`",
            path=("address",),
        )


def get(
    machine: Machine,
    address: str | None,
    target: str,
    decode: Callable[[http.Reply], Any] = http.Reply.json,
) -> Any:
    """Ask for one path; returns decoded JSON, or None when there is no such object.

    `address` is a socket's path, else DOCKER_HOST and the usual places are tried.
    Raises NothingListens when Docker is provably not running, else CheckError.
    """
    server = machine.keep(
        ("docker", address),
        lambda: http.Server(machine, lambda: connect(machine, address)),
    )
    try:
        reply = server.get(target)
    except TimedOut as error:
        message = f"Docker does not answer: {error.message}"
        raise TimedOut(message, "systemctl status docker") from None
    if reply.status == 200:
        return decode(reply)
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
