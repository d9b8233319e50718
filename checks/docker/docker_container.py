"""The kind `docker-container`: a container that Docker keeps."""

from __future__ import annotations

import shlex
import signal
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import ClassVar

from checks import matchers, reference
from checks.docker import client, objects
from checks.docker.compared import near
from checks.docker.objects import Container
from checks.doors.machine import Machine
from checks.errors import SpecError
from checks.matchers import Matcher, Observed
from checks.verdict import Verdict, failed, passed
from checks.vocabulary import check_numbers, check_words

SHOWN = 200
STATES = (
    "created",
    "running",
    "paused",
    "restarting",
    "removing",
    "exited",
    "dead",
)
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
          labels: {tier: front}

    A container stays when its process has ended, until somebody removes it.
    """

    FACTS: ClassVar = ("id", "name", "image", "state", "pid", "exit")
    WORDS: ClassVar = {"state": STATES}

    docker_container: str
    """Its name, or its ID in full."""
    state: Matcher | None = None
    """What it is doing; without this key it must be running or, when `exit` is given,
    have exited."""
    image: Matcher | None = None
    """What was given to `docker run`, completed with its tag."""
    exit: Matcher | None = None
    """The code it ended with: 137 is a container that was killed."""
    labels: Mapping[str, Matcher] | None = None
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
        check_numbers("exit", self.exit)

    def run(self, machine: Machine) -> Verdict:
        name = self.docker_container
        found = objects.container(machine, self.address, name)
        if found is None and self.exists:
            return self._missing(objects.container_names(machine, self.address))
        if found is None:
            return passed(f"Docker has no container `{name}`")
        summary = f"Container `{name}` {_condition(found)}"
        if not self.exists:
            hint = f"docker rm --force {name}"
            return failed(summary, expected="none", hint=hint, facts=_facts(found))
        for said, wanted, actual in self._compared(found):
            if not wanted.accepts(actual):
                return failed(
                    summary + said,
                    expected=wanted.describe(),
                    actual=matchers.as_text(actual),
                    hint=self._remedy(found, said),
                    facts=_facts(found),
                )
        return passed(f"{summary}, from image `{found.image}`", _facts(found))

    def _compared(self, found: Container) -> Iterator[tuple[str, Matcher, Observed]]:
        """Yield what is asked for: how the summary goes on, wanted and actual value."""
        yield "", self._wanted_state, found.state
        if self.exit:
            yield "", self.exit, found.exit
        if self.image:
            yield f", from image `{found.image}`", _completed(self.image), found.image
        for key, wanted in (self.labels or {}).items():
            value = found.labels.get(key)
            said = "no label" if value is None else f"`{value[:SHOWN]}` as its label"
            yield f", with {said} `{key}`", wanted, value

    @property
    def _wanted_state(self) -> Matcher:
        return self.state or matchers.equals("exited" if self.exit else "running")

    def _remedy(self, found: Container, said: str) -> str:
        name = self.docker_container
        if said:
            return f"docker rm --force {name} && {self._creation()}"
        change = (found.state, self._wanted_state.literal or "")
        return f"{REMEDIES.get(change, 'docker logs')} {name}"

    def _creation(self) -> str:
        words = ["docker", "run", "--detach", "--name", self.docker_container]
        for key, wanted in (self.labels or {}).items():
            words += ["--label", f"{key}={wanted.literal or 'VALUE'}"]
        return shlex.join([*words, (self.image and self.image.literal) or "IMAGE"])

    def _missing(self, containers: Mapping[str, str]) -> Verdict:
        name = self.docker_container
        told = _near_miss(name, containers)
        return failed(f"Docker has no container `{name}`{told}", hint=self._creation())


def _near_miss(name: str, containers: Mapping[str, str]) -> str:
    for each, container_id in containers.items():
        if container_id.startswith(name):
            return f"; the ID of `{each}` only begins with that"
    return near(name, containers)


def _completed(image: Matcher) -> Matcher:
    if image.literal is None:
        return image
    whole_id = reference.full_id(image.literal)
    return matchers.equals(whole_id or reference.parse(image.literal).familiar)


def _condition(found: Container) -> str:
    match found.state:
        case "created":
            return "was never started" + (
                f": {found.error[:SHOWN]}" if found.error else ""
            )
        case "exited":
            return f"exited with code {found.exit}{_cause(found)}"
        case "restarting":
            return f"keeps restarting, last exit code {found.exit}{_cause(found)}"
    return f"is {found.state}"


def _cause(found: Container) -> str:
    if found.out_of_memory:
        return " (out of memory)"
    with suppress(ValueError):
        # A shell's convention that Docker follows: 128+N after signal N.
        return f" ({signal.Signals((found.exit or 0) - 128).name})"
    return ""


def _facts(found: Container) -> dict[str, object]:
    return {
        "id": found.id,
        "name": found.name,
        "image": found.image,
        "state": found.state,
        "pid": found.pid,
        "exit": found.exit,
    }
