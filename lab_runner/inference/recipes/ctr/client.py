"""Which containerd, and which namespace in it, a `ctr` speaks to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from checks.containerd import flavours
from checks.containerd.flavours import Flavour
from lab_runner.inference.model import (
    UNKNOWN,
    Effects,
    Fact,
    Forgets,
    Invocation,
    change,
    gone,
)

LOOK_VERBS = ("ls", "list", "info", "check", "usage", "tree", "diff", "active", "get")
REMOVES = ("rm", "remove", "delete", "del")


@dataclass(frozen=True, slots=True)
class Client:
    """A `ctr` with its global options; `command` is for paths."""

    command: Invocation
    namespace: str = "default"
    address: str | None = None

    def fact(
        self, sort: str, name: str, keys: Mapping[str, Any] | None = None, **more: Any
    ) -> Fact:
        said = {**more, **(keys or {}), "address": self.address}
        held = {key: value for key, value in said.items() if value is not None}
        return Fact(sort, {sort: name, "namespace": self.namespace, **held})

    def gone(self, kind: str, *names: str) -> tuple[Fact, ...]:
        scope = {"namespace": self.namespace}
        if self.address:
            scope["address"] = self.address
        return tuple(gone(kind, each, **scope) for each in names)

    def forgets(self, *kinds: str) -> Forgets:
        """Forget everything of these kinds in the namespace."""
        return lambda known: (
            known.kind in kinds and known.spec.get("namespace") == self.namespace
        )


Handler = Callable[[Client, str, Sequence[str]], Effects]
"""From what follows a noun such as `images`, its verb apart, to what it does."""


def of(
    command: Invocation, flavour: Flavour, namespace: str | None, address: str | None
) -> Client:
    """Return the client; options come before variables, which only plain ctr reads."""
    environment = command.environment
    is_plain = flavour is flavours.DISTRIBUTION
    said = namespace or environment.get("CONTAINERD_NAMESPACE") or flavour.namespace
    socket = address or (environment.get("CONTAINERD_ADDRESS") if is_plain else None)
    own = None if is_plain else flavour.address
    if socket == flavours.DISTRIBUTION.address:
        socket = None
    return Client(command, said, socket or own)


def labels(words: Sequence[str]) -> dict[str, str] | None:
    """Return the labels of `NAME=VALUE…`; one without value is removed."""
    pairs = (word.partition("=") for word in words)
    return {name: value for name, _, value in pairs if value} or None


def labelled(client: Client, kind: str, words: Sequence[str]) -> Effects:
    """Return what `label NAME KEY=VALUE…` does; a label may as well be removed."""
    name, *pairs = words or (UNKNOWN,)
    labelled = client.fact(kind, name, labels=labels(pairs))
    if all(pair.partition("=")[2] for pair in pairs):
        return change(labelled)
    return change(
        forgets=lambda known: known.identity == labelled.identity,
        why="labels that are removed are not looked at",
    )
