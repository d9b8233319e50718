"""The kind `docker-container`: a container that Docker keeps."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from checks import matchers, reference
from checks.docker import client, containers, wiring
from checks.docker.condition import condition
from checks.docker.containers import Container, Listed
from checks.docker.missing_container import instead
from checks.docker.wiring import Aspect
from checks.doors.machine import Machine
from checks.errors import SpecError
from checks.matchers import Matcher
from checks.verdict import Verdict, failed, passed
from checks.vocabulary import check_numbers, check_words

SHOWN, KEPT = 200, 20
STATES = (
    "created",
    "running",
    "paused",
    "restarting",
    "removing",
    "exited",
    "dead",
)
HEALTH = ("starting", "healthy", "unhealthy")
# What takes a container from the state it is in to the one that is wanted.
REMEDIES = {
    ("created", "running"): "docker start",
    ("created", "exited"): "docker start",
    ("running", "exited"): "docker stop",
    ("running", "paused"): "docker pause",
    ("paused", "running"): "docker unpause",
    ("paused", "exited"): "docker stop",
    ("exited", "running"): "docker start",
    ("restarting", "running"): "docker logs",
    ("restarting", "exited"): "docker stop",
    ("dead", "running"): "docker rm --force",
}


@dataclass(frozen=True, slots=True)
class DockerContainer:
    """A container that Docker keeps, by its exact name or full ID.

        - docker-container: web
          image: nginx:1.27
          networks: backend
          ports: {80: 8000}
          mounts: {/data: web-data}

    A container stays when its process has ended, until somebody removes it.
    """

    FACTS: ClassVar = (
        "id",
        "name",
        "image",
        "state",
        "pid",
        "exit",
        "restarts",
        "health",
        "oom_killed",
        "networks",
        "ports",
        "mounts",
    )
    WORDS: ClassVar = {"state": STATES, "health": HEALTH}

    docker_container: str
    """Its name, or its ID in full."""
    state: Matcher | None = None
    """What it is doing; without this key it must be running or, beside `exit` or
    `oom_killed`, have exited."""
    image: Matcher | None = None
    """What was given to `docker run`, completed with its tag."""
    exit: Matcher | None = None
    """The code it ended with: 137 is a container that was killed."""
    labels: Mapping[str, Matcher] | None = None
    networks: tuple[str, ...] | None = None
    """The names of networks that it is on, all of them."""
    ports: Mapping[str, Matcher] | None = None
    """Ports of the container, as `80` or `53/udp`, each with where it is published: a
    port of the host, or `ADDRESS:PORT` as `docker ps` shows it."""
    mounts: Mapping[str, Matcher] | None = None
    """Paths in the container, each with the name of the volume or the directory of the
    host that is mounted there."""
    restarts: Matcher | None = None
    """How often its restart policy has started it again."""
    health: Matcher | None = None
    """What its health check says."""
    oom_killed: bool | None = None
    """Whether it was killed because its memory was used up."""
    exists: bool = True
    """`false` asks that there is no such container, not even a stopped one."""
    address: str | None = None

    def __post_init__(self) -> None:
        if self.docker_container.startswith("/"):
            raise SpecError(
                f"`docker-container`: no name begins as `{self.docker_container}` does",
                "write it as `docker ps` shows it, without the slash",
                path=("docker-container",),
            )
        client.check_address(self.address)
        check_words("state", self.state, STATES)
        check_words("health", self.health, HEALTH)
        check_numbers("exit", self.exit)
        check_numbers("restarts", self.restarts)

    def run(self, machine: Machine) -> Verdict:
        name = self.docker_container
        found = containers.container(machine, self.address, name)
        if found is None and self.exists:
            return self._missing(containers.listed(machine, self.address))
        if found is None:
            return passed(f"Docker has no container `{name}`")
        summary = f"Container `{name}` {condition(found)}"
        if not self.exists:
            hint = f"docker rm --force {name}"
            return failed(summary, expected="none", hint=hint, facts=_facts(found))
        for said, wanted, actual, hint in self._compared(found):
            if not wanted.accepts(actual):
                return failed(
                    summary + said,
                    expected=wanted.describe(),
                    actual=matchers.as_text(actual),
                    hint=hint,
                    facts=_facts(found),
                )
        return passed(f"{summary}, from image `{found.image}`", _facts(found))

    def _compared(self, found: Container) -> Iterator[Aspect]:
        again = f"docker rm --force {self.docker_container} && {self._creation()}"
        # Whatever a container of another image does, it is not the one that is meant.
        if self.image:
            said = f", from image `{found.image}`"
            yield Aspect(said, _completed(self.image), found.image, again)
        yield Aspect("", self._wanted_state, found.state, self._change(found))
        if self.exit:
            yield Aspect("", self.exit, found.exit, self._change(found))
        yield from self._course(found)
        for each in self._made(found):
            yield each if each.hint else each._replace(hint=again)

    def _course(self, found: Container) -> Iterator[Aspect]:
        """Yield what is asked of how it fared."""
        logs = f"docker logs {found.name}"
        if self.restarts:
            said = f", restarted {found.restarts} times"
            yield Aspect(said, self.restarts, found.restarts, logs)
        if self.health:
            said = f"health `{found.health}`" if found.health else "no health check"
            yield Aspect(f", with {said}", self.health, found.health, logs)
        if self.oom_killed is not None:
            said = "" if found.out_of_memory else ", not for want of memory"
            wanted = matchers.equals(self.oom_killed)
            yield Aspect(said, wanted, found.out_of_memory, logs)

    def _made(self, found: Container) -> Iterator[Aspect]:
        """Yield what is asked of how it was made."""
        yield from wiring.networks(self.networks or (), found)
        yield from wiring.ports(self.ports or {}, found)
        yield from wiring.mounts(self.mounts or {}, found)
        for key, wanted in (self.labels or {}).items():
            value = found.labels.get(key)
            said = "no label" if value is None else f"`{value[:SHOWN]}` as its label"
            yield Aspect(f", with {said} `{key}`", wanted, value)

    @property
    def _wanted_state(self) -> Matcher:
        has_ended = self.exit or self.oom_killed
        return self.state or matchers.equals("exited" if has_ended else "running")

    def _change(self, found: Container) -> str:
        change = (found.state, self._wanted_state.literal or "")
        return f"{REMEDIES.get(change, 'docker logs')} {self.docker_container}"

    def _creation(self) -> str:
        words = ["docker", "run", "--detach", "--name", self.docker_container]
        for key, wanted in (self.labels or {}).items():
            words += ["--label", f"{key}={wanted.literal or 'VALUE'}"]
        words += [f"--network={each}" for each in (self.networks or ())[:1]]
        for port, wanted in (self.ports or {}).items():
            words += ["--publish", f"{wanted.literal or 'PORT'}:{port}"]
        for path, wanted in (self.mounts or {}).items():
            words += ["--volume", f"{wanted.literal or 'VOLUME'}:{path}"]
        return shlex.join([*words, (self.image and self.image.literal) or "IMAGE"])

    def _missing(self, known: Sequence[Listed]) -> Verdict:
        name = self.docker_container
        told = instead(name, self.image, known)
        return failed(f"Docker has no container `{name}`{told}", hint=self._creation())


def _completed(image: Matcher) -> Matcher:
    if image.literal is None:
        return image
    whole_id = reference.full_id(image.literal)
    return matchers.equals(whole_id or reference.parse(image.literal).familiar)


def _facts(found: Container) -> dict[str, object]:
    return {
        "id": found.id,
        "name": found.name,
        "image": found.image,
        "state": found.state,
        "pid": found.pid,
        "exit": found.exit,
        "restarts": found.restarts,
        "health": found.health,
        "oom_killed": found.out_of_memory,
        "networks": list(found.networks[:KEPT]),
        "ports": {port: list(found.ports[port]) for port in list(found.ports)[:KEPT]},
        "mounts": dict(list(found.mounts.items())[:KEPT]),
    }
