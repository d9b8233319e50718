"""docker, which is asked through its own API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from checks import reference
from lab_runner.inference import options
from lab_runner.inference.model import (
    Effects,
    Fact,
    Invocation,
    fact,
    gone,
    look,
    opening,
    unknown,
)
from lab_runner.inference.recipes.container_options import Asked, Port
from lab_runner.inference.recipes.engine import subcommands
from lab_runner.inference.recipes.engine.containers import SOME_STATE

VALUED = ["-H", "--host", "-c", "--context", "--config", "-l", "--log-level"]
COMPOSE_LOOKS = frozenset(
    ["config", "events", "images", "logs", "ls", "port", "ps", "stats", "top"]
)


@dataclass(frozen=True, slots=True)
class Docker:
    """Docker's objects as facts; `address` is that of a socket which is not the usual."""

    address: str | None = None

    def image(self, name: str) -> Fact:
        return fact("docker-image", _name(name), address=self.address)

    def no_image(self, name: str) -> Fact:
        return gone("docker-image", _name(name), address=self.address)

    def container(self, name: str, state: Any, made: Asked | None = None) -> Fact:
        return fact(
            "docker-container",
            name,
            state=state,
            **_made(made, is_up=state == "running") if made else {},
            address=self.address,
        )

    def no_container(self, name: str) -> Fact:
        return gone("docker-container", name, address=self.address)

    def volume(self, name: str, **keys: Any) -> Fact:
        return fact("docker-volume", name, **keys, address=self.address)

    def no_volume(self, name: str) -> Fact:
        return gone("docker-volume", name, address=self.address)

    def network(self, name: str, **keys: Any) -> Fact:
        return fact("docker-network", name, **keys, address=self.address)

    def no_network(self, name: str) -> Fact:
        return gone("docker-network", name, address=self.address)

    def connected(self, network: str, container: str) -> tuple[Fact, ...]:
        return (
            fact(
                "docker-container",
                container,
                state=SOME_STATE,
                networks=[network],
                address=self.address,
            ),
        )

    def listening(self, made: Asked) -> tuple[Fact, ...]:
        return tuple(map(_listening, made.ports))

    def owns(self, known: Fact, noun: str) -> bool:
        return known.kind == f"docker-{noun}"


def _made(made: Asked, *, is_up: bool) -> dict[str, Any]:
    """Return how it was made; Docker publishes ports only while it runs."""
    ports = made.ports if is_up else ()
    return {
        "image": made.image,
        "networks": made.networks,
        "ports": {_inside(port): _outside(port) for port in ports} or None,
        "mounts": made.mounts or None,
        "labels": made.labels,
    }


def _inside(port: Port) -> int | str:
    return port.inside if port.protocol == "tcp" else f"{port.inside}/{port.protocol}"


def _outside(port: Port) -> int | str:
    return f"{port.address}:{port.host}" if port.address else port.host


def _listening(port: Port) -> Fact:
    protocol = None if port.protocol == "tcp" else port.protocol
    return fact("port", port.host, protocol=protocol, address=_bare(port))


def _bare(port: Port) -> str | None:
    return port.address.strip("[]") if port.address else None


def _name(text: str) -> str:
    """Return one name for an image that has several: `busybox` is `busybox:latest`."""
    return reference.full_id(text) or reference.parse(text).familiar


def recipe(command: Invocation) -> Effects:
    given = options.parse(command.arguments, VALUED, limit=1)
    host = given.value("-H", "--host") or command.environment.get("DOCKER_HOST", "")
    if given.has("-c", "--context") or (host and not host.startswith("unix://")):
        return unknown("it speaks to the engine of another machine")
    words = given.words
    if words[:1] == ("compose",):
        return _compose(words[1:])
    if words[:2] == ("buildx", "build"):
        words = words[1:]
    return subcommands.effects(
        command, Docker(host.removeprefix("unix://") or None), words
    )


def compose(command: Invocation) -> Effects:
    """Read docker-compose, the program of its own."""
    return _compose(command.arguments)


def _compose(given: tuple[str, ...]) -> Effects:
    arguments = options.parse(given, ["-f", "--file", "-p", "--project-name"])
    subcommand = arguments.words[0] if arguments.words else ""
    if subcommand in COMPOSE_LOOKS or subcommand == "version":
        return look()
    if subcommand == "exec" and not arguments.has("-T"):
        return opening("it opens a terminal inside a container")
    return unknown(subcommands.UNTOLD["compose"])
