"""What Docker tells to have happened: the newest events, which its daemon keeps."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from checks.docker import client
from checks.docker.decode import field, or_empty, text
from checks.doors import http
from checks.doors.machine import Machine
from checks.doors.witness import Record
from checks.errors import CheckError, SpecError
from checks.findings import facts
from checks.host import processes
from checks.times import ago
from checks.words import did_you_mean

# As moby keeps them, in memory: `eventsLimit` in daemon/events/events.go.
KEPT = 256
AGAIN = "do it again, then `labrun next`"
TYPES = (
    "builder",
    "config",
    "container",
    "daemon",
    "image",
    "network",
    "node",
    "plugin",
    "secret",
    "service",
    "volume",
)


@dataclass(frozen=True, slots=True)
class Kept:
    """The events that a daemon still knows."""

    machine: Machine
    events: Sequence[Record]

    def require_whole(self, since: float) -> None:
        """Raise CheckError unless Docker still knows all that happened since then."""
        if self.events and self.events[0]["time"] < since:
            return
        if len(self.events) >= KEPT:
            message = f"Docker knows only its {KEPT} newest events, all since the step"
            raise CheckError(f"{message} began", AGAIN)
        age = _age(self.machine)
        if time.time() - age > since:
            raise CheckError(
                f"Docker was started {ago(age)}, after the step began, and forgets its"
                " events when it ends",
                AGAIN,
            )


def check_topic(topic: str) -> None:
    """Raise SpecError for what Docker cannot tell."""
    kind, _, action = topic.partition("/")
    if kind not in TYPES or not action:
        near = "" if kind in TYPES else did_you_mean(kind, TYPES)
        raise SpecError(
            f"`event`: `{topic}` is no type and action of Docker's{near}",
            "write one such as `container/die`",
            path=("event",),
        )


def account(machine: Machine, address: str | None) -> Kept:
    """Return what the daemon knows, with times by this host's clock."""
    now = _now(machine, address)
    behind = time.time() - now
    target = f"/events?since=0&until={now:.6f}"
    told = client.get(machine, address, target, http.Reply.json_lines)
    return Kept(machine, [_record(each, behind) for each in told or ()])


def _now(machine: Machine, address: str | None) -> float:
    """Return the daemon's time, for it would wait until a later one."""
    told = text(client.get(machine, address, "/info"), "SystemTime")
    try:
        return datetime.fromisoformat(told).timestamp()
    except ValueError:
        raise CheckError("Docker's answer has no valid `SystemTime`") from None


def _record(told: Any, behind: float) -> Record:
    # The action of a health check and the like has its result behind a colon.
    action, _, detail = text(told, "Action").partition(": ")
    actor = field(told, "Actor", dict)
    attributes = or_empty(actor, "Attributes", dict)
    fields = {"id": or_empty(actor, "ID", str), **attributes}
    if detail:
        fields["detail"] = detail
    return {
        "time": field(told, "timeNano", int) / 1e9 + behind,
        "source": "docker",
        "namespace": None,
        "topic": f"{text(told, 'Type')}/{action}",
        "fields": facts(**fields),
    }


def _age(machine: Machine) -> float:
    """Return since when the youngest daemon has run; raises CheckError without any."""
    ages = []
    for each in processes.named(machine, "dockerd"):
        with suppress(FileNotFoundError):  # it has just ended
            ages.append(processes.age(machine, each.pid))
    if not ages:
        message = "since when Docker has been running cannot be seen"
        raise CheckError(message, "systemctl status docker")
    return min(ages)
