"""The kind `docker-volume`: a volume that Docker keeps."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from checks.docker import client, volumes
from checks.docker.compared import near
from checks.docker.volumes import Volume
from checks.doors.machine import Machine
from checks.findings import THERE, Property, difference, facts, labels
from checks.matchers import Matcher
from checks.verdict import Facts, Verdict, failed, passed

SHOWN = 20


@dataclass(frozen=True, slots=True)
class DockerVolume:
    """A volume that Docker keeps, by its exact name.

        - docker-volume: web-data
          driver: local
          used_by: web

    A directory of the host that is mounted into a container (`-v /srv:/data`) is no
    volume.
    """

    FACTS: ClassVar = ("name", "driver", "mountpoint", "used_by", "labels")

    docker_volume: str
    """Its name; of a volume made without one, the 64 digits that Docker gave it."""
    driver: Matcher | None = None
    """What keeps it: `local`, or a plugin."""
    mountpoint: Matcher | None = None
    """The directory of the host where its files are."""
    used_by: tuple[str, ...] | None = None
    """The names of containers, running or not, that all have it mounted."""
    labels: Mapping[str, Matcher] | None = None
    exists: bool = True
    """`false` asks that there is no such volume."""
    address: str | None = None

    def __post_init__(self) -> None:
        client.check_address(self.address)

    def run(self, machine: Machine) -> Verdict:
        name = self.docker_volume
        found = volumes.volume(machine, self.address, name)
        if found is None and self.exists:
            return self._missing(volumes.volumes(machine, self.address))
        if found is None:
            return passed(f"Docker has no volume `{name}`")
        users = volumes.users(machine, self.address, name)
        observed = _facts(found, users)
        if not self.exists:
            return _unwanted(name, users, observed)
        compared = self._compared(found, users)
        differs = difference(f"Volume `{name}`", compared, observed)
        return differs or passed(f"Docker has the volume `{name}`", observed)

    def _compared(self, found: Volume, users: Sequence[str]) -> Iterator[Property]:
        yield "driver", self.driver, found.driver
        yield "mountpoint", self.mountpoint, found.mountpoint
        for each in self.used_by or ():
            yield f"use by container `{each}`", THERE, each in users or None
        yield from labels(self.labels, found.labels)

    def _missing(self, known: Sequence[Volume]) -> Verdict:
        name = self.docker_volume
        told = near(name, [each.name for each in known if not each.anonymous])
        unnamed = sum(each.anonymous for each in known)
        if unnamed and not told:
            told = f"; it has {unnamed} without a name, as `-v /PATH` makes them"
        return failed(f"Docker has no volume `{name}`{told}", hint=self._creation())

    def _creation(self) -> str:
        words = ["docker", "volume", "create"]
        if self.driver and self.driver.literal:
            words += ["--driver", self.driver.literal]
        for key, wanted in (self.labels or {}).items():
            words += ["--label", f"{key}={wanted.literal or 'VALUE'}"]
        return shlex.join([*words, self.docker_volume])


def _unwanted(name: str, users: Sequence[str], observed: Facts) -> Verdict:
    summary, hint = f"Docker has the volume `{name}`", f"docker volume rm {name}"
    if users:
        summary += f"; {', '.join(f'`{each}`' for each in users[:3])} uses it"
        hint = f"docker rm --force {' '.join(users)} && {hint}"
    return failed(summary, expected="none", hint=hint, facts=observed)


def _facts(found: Volume, users: Sequence[str]) -> Facts:
    return {
        **facts(name=found.name, driver=found.driver, mountpoint=found.mountpoint),
        "used_by": list(users[:SHOWN]),
        **facts(labels=found.labels),
    }
