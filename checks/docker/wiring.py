"""What a container is connected to: its networks, published ports and mounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from checks.docker.compared import among
from checks.docker.containers import Container
from checks.docker.volumes import UNNAMED
from checks.matchers import Matcher, Observed, equals

CONNECTED = equals("connected")
SHOWN = 3


class Aspect(NamedTuple):
    """How the summary goes on, what is asked for, what is there, and what mends it."""

    said: str
    wanted: Matcher
    actual: Observed
    hint: str = ""


def networks(wanted: Sequence[str], found: Container) -> Iterator[Aspect]:
    on = ", ".join(f"`{each}`" for each in found.networks[:SHOWN]) or "none"
    for each in wanted:
        actual = "connected" if each in found.networks else None
        said = f", not on network `{each}`; it is on {on}"
        hint = f"docker network connect {each} {found.name}"
        yield Aspect(said, CONNECTED, actual, hint)


def ports(wanted: Mapping[str, Matcher], found: Container) -> Iterator[Aspect]:
    for port, matcher in wanted.items():
        full = port if "/" in port else f"{port}/tcp"
        bound = found.ports.get(full, ())
        on = ", ".join(f"`{each}`" for each in bound[:SHOWN])
        said = f"with port {full} on {on}" if bound else _unpublished(full, found)
        # Who writes a port and no address means any address.
        if matcher.literal and matcher.literal.isdecimal():
            bound = tuple(each.rpartition(":")[2] for each in bound)
        yield Aspect(f", {said}", matcher, among(matcher, bound))


def _unpublished(port: str, found: Container) -> str:
    others = [f"{each} on `{on[0]}`" for each, on in found.ports.items() if on]
    instead = f"; published are {', '.join(others[:SHOWN])}" if others else ""
    return f"with port {port} not published{instead}"


def mounts(wanted: Mapping[str, Matcher], found: Container) -> Iterator[Aspect]:
    for path, matcher in wanted.items():
        there = found.mounts.get(path)
        if there is None:
            said = f"nothing mounted on `{path}`{_elsewhere(matcher, found)}"
        elif UNNAMED.fullmatch(there):
            said = f"a volume without a name on `{path}`"
        else:
            said = f"`{there}` mounted on `{path}`"
        yield Aspect(f", with {said}", matcher, there)


def _elsewhere(wanted: Matcher, found: Container) -> str:
    for path, there in found.mounts.items():
        if wanted.accepts(there):
            return f"; `{there}` is on `{path}`"
    return ""
