"""Which processes listen on a port: only ss(8) can tell in one question."""

from __future__ import annotations

import re
from dataclasses import dataclass

from checks.doors.machine import Machine
from checks.errors import CheckError
from checks.host.sockets import Protocol
from checks.host.wording import last_line

OPTIONS = ("--no-header", "--listening", "--numeric", "--processes")
USER = re.compile(r'\("([^"]*)",pid=(\d+)')


@dataclass(frozen=True, slots=True)
class Listener:
    """A process that holds a socket."""

    name: str
    pid: int


def on(machine: Machine, protocol: Protocol, port: int) -> list[Listener]:
    """Return who listens on a port, as far as the caller may see it."""
    result = machine.run(["ss", *OPTIONS, f"--{protocol}", f"sport = :{port}"])
    if result.exit:
        raise CheckError(f"ss could not tell: {last_line(result.stderr)}")
    found = {Listener(name, int(pid)) for name, pid in USER.findall(result.stdout)}
    return sorted(found, key=lambda each: each.pid)
