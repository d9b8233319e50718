"""Docker's containers as frozen records."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from checks import reference
from checks.docker import client
from checks.docker.decode import TEXT_LIMIT, entries, field, labels, or_empty, text
from checks.doors.machine import Machine

HAS_ENDED = ("exited", "dead", "restarting", "removing")


@dataclass(frozen=True, slots=True)
class Container:
    """A container; `exit` is None while it runs or was never started.

    `ended` is in seconds since the epoch, `health` None without a health check. `ports`
    maps `80/tcp` to the `ADDRESS:PORT` of the host it is published on, `mounts` a path
    in the container to the volume or the directory of the host that is there.
    """

    id: str
    name: str
    image: str
    state: str
    pid: int
    exit: int | None
    ended: float | None
    error: str
    out_of_memory: bool
    restarts: int
    health: str | None
    labels: Mapping[str, str]
    networks: tuple[str, ...]
    ports: Mapping[str, tuple[str, ...]]
    mounts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Listed:
    """A container as the list of all of them shows it."""

    id: str
    name: str
    image: str
    state: str
    labels: Mapping[str, str]


def container(machine: Machine, address: str | None, name: str) -> Container | None:
    """Return the container of this name or full ID, never one of a prefix of its ID."""
    path = f"/containers/{quote(name, safe='')}/json"
    answer = client.get(machine, address, path)
    found = None if answer is None else _container(answer)
    return found if found and name in (found.id, found.name) else None


def listed(machine: Machine, address: str | None) -> list[Listed]:
    """Return every container, stopped ones too."""
    return [
        Listed(
            id=text(each, "Id"),
            name=str(name).removeprefix("/"),
            image=or_empty(each, "Image", str),
            state=or_empty(each, "State", str),
            labels=labels(each),
        )
        for each in entries(client.get(machine, address, "/containers/json?all=1"))
        for name in field(each, "Names", list)
    ]


def _container(answer: Any) -> Container:
    state = field(answer, "State", dict)
    config = field(answer, "Config", dict)
    settings = or_empty(answer, "NetworkSettings", dict)
    has_ended = text(state, "Status") in HAS_ENDED
    return Container(
        id=text(answer, "Id"),
        name=text(answer, "Name").removeprefix("/"),
        image=_image_name(text(config, "Image"), text(answer, "Image")),
        state=text(state, "Status"),
        pid=field(state, "Pid", int),
        exit=field(state, "ExitCode", int) if has_ended else None,
        ended=_time(or_empty(state, "FinishedAt", str)) if has_ended else None,
        error=or_empty(state, "Error", str),
        out_of_memory=or_empty(state, "OOMKilled", bool),
        restarts=or_empty(answer, "RestartCount", int),
        health=_health(or_empty(state, "Health", dict)),
        labels=labels(config),
        networks=tuple(or_empty(settings, "Networks", dict)),
        ports=_ports(or_empty(settings, "Ports", dict)),
        mounts=dict(map(_mount, or_empty(answer, "Mounts", list))),
    )


def _time(written: str) -> float | None:
    with suppress(ValueError):
        moment = datetime.fromisoformat(written).timestamp()
        return moment if moment > 0 else None  # year 1 stands for never
    return None


def _health(found: dict[str, Any]) -> str | None:
    status = or_empty(found, "Status", str)
    return None if status in ("", "none") else status


def _ports(found: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    return {
        port: tuple(map(_binding, or_empty(found, port, list)))
        for port in sorted(found)
    }


def _binding(found: Any) -> str:
    address, port = or_empty(found, "HostIp", str), text(found, "HostPort")
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _mount(found: Any) -> tuple[str, str]:
    source = or_empty(found, "Name", str) or or_empty(found, "Source", str)
    return text(found, "Destination"), source[:TEXT_LIMIT]


def _image_name(given: str, image_id: str) -> str:
    """Complete the image as it was given to `docker run`, which may be a short ID."""
    if image_id.removeprefix("sha256:").startswith(given.removeprefix("sha256:")):
        return image_id
    return reference.parse(given).familiar
