"""The kind `docker-network`: a network that Docker keeps."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from checks.docker import client, networks
from checks.docker.compared import among, near
from checks.docker.networks import Network
from checks.doors.machine import Machine
from checks.findings import THERE, Property, difference, facts, labels
from checks.matchers import Matcher, equals
from checks.verdict import Facts, Verdict, failed, passed

SHOWN = 20


@dataclass(frozen=True, slots=True)
class DockerNetwork:
    """A network that Docker keeps, by its exact name or full ID.

        - docker-network: backend
          driver: bridge
          subnet: 172.30.0.0/16
          containers: web

    Only a container that runs is connected: one that has exited is on no network.
    """

    FACTS: ClassVar = (
        "id",
        "name",
        "driver",
        "internal",
        "subnets",
        "gateways",
        "containers",
        "labels",
    )

    docker_network: str
    """Its name, or its ID in full."""
    driver: Matcher | None = None
    """What makes it: `bridge`, `host`, `overlay`, `macvlan`, `null` or that of a
    plugin."""
    internal: bool | None = None
    """`true` asks that nothing leads out of it, `false` that something does."""
    subnet: Matcher | None = None
    """The addresses it gives, such as `172.30.0.0/16`; one of its subnets will do."""
    gateway: Matcher | None = None
    """The address of the host in it; one of its gateways will do."""
    containers: tuple[str, ...] | None = None
    """The names of containers that are all connected to it."""
    labels: Mapping[str, Matcher] | None = None
    exists: bool = True
    """`false` asks that there is no such network."""
    address: str | None = None

    def __post_init__(self) -> None:
        client.check_address(self.address)

    def run(self, machine: Machine) -> Verdict:
        name = self.docker_network
        found = networks.network(machine, self.address, name)
        if found is None and self.exists:
            known = networks.names(machine, self.address)
            summary = f"Docker has no network `{name}`{near(name, known)}"
            return failed(summary, hint=self._creation())
        if found is None:
            return passed(f"Docker has no network `{name}`")
        observed = _facts(found)
        if not self.exists:
            return self._unwanted(found, observed)
        differs = difference(f"Network `{name}`", self._compared(found), observed)
        if differs:
            return failed(
                differs.summary,
                expected=differs.expected,
                actual=differs.actual,
                hint=self._remedy(found),
                facts=observed,
            )
        return passed(f"Docker has the {found.driver} network `{name}`", observed)

    def _compared(self, found: Network) -> Iterator[Property]:
        yield "driver", self.driver, found.driver
        if self.internal is not None:
            yield "internal", equals(self.internal), found.internal
        yield "subnet", self.subnet, among(self.subnet, found.subnets)
        yield "gateway", self.gateway, among(self.gateway, found.gateways)
        for each in self.containers or ():
            connected = each in found.containers or None
            yield f"container `{each}` connected", THERE, connected
        yield from labels(self.labels, found.labels)

    def _unwanted(self, found: Network, observed: Facts) -> Verdict:
        name = self.docker_network
        summary, hint = f"Docker has the network `{name}`", f"docker network rm {name}"
        if found.containers:
            connected = ", ".join(f"`{each}`" for each in found.containers[:3])
            summary += f"; connected to it: {connected}"
            leave = f"docker network disconnect {name} {found.containers[0]}"
            hint = f"{leave} && {hint}"
        return failed(summary, expected="none", hint=hint, facts=observed)

    def _remedy(self, found: Network) -> str:
        """Connect a container; all else of a network is decided when it is made."""
        lacking = set(self.containers or ()) - set(found.containers)
        made_as_asked = difference("", self._made(found), {}) is None
        if lacking and made_as_asked:
            return f"docker network connect {found.name} {min(lacking)}"
        return f"docker network rm {found.name} && {self._creation()}"

    def _made(self, found: Network) -> Iterator[Property]:
        return (each for each in self._compared(found) if each[1] is not THERE)

    def _creation(self) -> str:
        words = ["docker", "network", "create"]
        for option in ("driver", "subnet", "gateway"):
            wanted = getattr(self, option)
            if wanted and wanted.literal:
                words += [f"--{option}", wanted.literal]
        if self.internal:
            words.append("--internal")
        for key, value in (self.labels or {}).items():
            words += ["--label", f"{key}={value.literal or 'VALUE'}"]
        return shlex.join([*words, self.docker_network])


def _facts(found: Network) -> Facts:
    return {
        **facts(
            id=found.id,
            name=found.name,
            driver=found.driver,
            internal=found.internal,
        ),
        "subnets": list(found.subnets[:SHOWN]),
        "gateways": list(found.gateways[:SHOWN]),
        "containers": list(found.containers[:SHOWN]),
        **facts(labels=found.labels),
    }
