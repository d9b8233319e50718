"""Connecting to the Docker that a check means, and why it does not answer."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from checks.doors import http
from checks.doors.dial import NothingListens
from checks.doors.machine import Machine
from checks.errors import NotPermitted, SpecError, ToolMissing
from checks.host import absence

SOCKETS = ("/var/run/docker.sock", "/run/docker.sock")
START, STOP = "systemctl start docker", "systemctl stop docker.socket docker"
JOIN = "run with `sudo`, or `sudo usermod -aG docker $USER` and log in again"


class _Engine(NamedTuple):
    unit: str = "docker"
    systemctl: str = "systemctl"
    install: str = "apt-get install docker.io"


def connect(machine: Machine, address: str | None) -> http.Stream:
    """Dial the socket of an address, else of DOCKER_HOST, else the usual ones.

    Raises NothingListens with what Docker's unit tells, or another CheckError.
    """
    *others, last = _paths(machine, address)
    for path in others:
        with suppress(NothingListens):
            return _dial(machine, path)
    try:
        return _dial(machine, last)
    except NothingListens as error:
        told = NothingListens(f"Docker is not running: {error.message}", error.remedy)
        if last in SOCKETS:
            told = absence.explained(machine, _Engine(), told)
        raise told from None


def _dial(machine: Machine, path: str) -> http.Stream:
    if path not in SOCKETS:
        return http.dial(machine, path, START)
    _require_running(machine, path)
    try:
        return http.dial(machine, path, "")
    except NotPermitted as error:
        raise NotPermitted(error.message, JOIN) from None


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


def _require_running(machine: Machine, path: str) -> None:
    """Refuse to dial a socket that systemd holds for a Docker that does not run.

    Dialling would start it, or last until it has started again.
    """
    units = ["docker.socket", "docker.service"]
    try:
        shown = machine.run(["systemctl", "show", "--property=SubState", *units])
    except ToolMissing:
        return
    states = shown.stdout.split()
    if "SubState=listening" in states:
        raise NothingListens(f"systemd waits on `{path}` to start it at its first use")
    if f"SubState={absence.RESTARTING}" in states:
        raise NothingListens(f"nobody answers on `{path}` yet")
