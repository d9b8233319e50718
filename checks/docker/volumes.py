"""Docker's volumes as frozen records."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from checks.docker import client
from checks.docker.decode import entries, field, labels, or_empty, text
from checks.doors.machine import Machine

UNNAMED = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Volume:
    """A volume; one that `docker run` made without a name is `anonymous`."""

    name: str
    driver: str
    mountpoint: str
    labels: Mapping[str, str]

    @property
    def anonymous(self) -> bool:
        # Its label for this came with Docker 23.
        return UNNAMED.fullmatch(self.name) is not None


def volume(machine: Machine, address: str | None, name: str) -> Volume | None:
    answer = client.get(machine, address, f"/volumes/{quote(name, safe='')}")
    found = None if answer is None else _volume(answer)
    return found if found and found.name == name else None


def volumes(machine: Machine, address: str | None) -> list[Volume]:
    listed = client.get(machine, address, "/volumes")
    return [_volume(each) for each in or_empty(listed, "Volumes", list)]


def users(machine: Machine, address: str | None, name: str) -> list[str]:
    """Name the containers, stopped ones too, that have the volume mounted."""
    # Docker's filter takes the path that a volume is mounted on for its name too.
    wanted = quote(json.dumps({"volume": [name]}))
    target = f"/containers/json?all=1&filters={wanted}"
    return sorted(
        str(field(each, "Names", list)[0]).removeprefix("/")
        for each in entries(client.get(machine, address, target))
        if any(mount.get("Name") == name for mount in or_empty(each, "Mounts", list))
    )


def _volume(answer: Any) -> Volume:
    return Volume(
        name=text(answer, "Name"),
        driver=text(answer, "Driver"),
        mountpoint=text(answer, "Mountpoint"),
        labels=labels(answer),
    )
