"""nerdctl: its images are containerd's, the names of its containers its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from checks import reference
from lab_runner.inference import options
from lab_runner.inference.model import (
    Effects,
    Fact,
    Invocation,
    change,
    fact,
    gone,
    look,
)
from lab_runner.inference.recipes.engine import subcommands
from lab_runner.inference.recipes.inspected import Inspected

VALUED = [
    "-H",
    "-a",
    "-n",
    "--address",
    "--cgroup-manager",
    "--cni-netconfpath",
    "--cni-path",
    "--data-root",
    "--host",
    "--hosts-dir",
    "--namespace",
    "--snapshotter",
    "--storage-driver",
]
MISSING = 1


@dataclass(frozen=True, slots=True)
class Nerdctl(Inspected):
    """Images are asked of containerd in `namespace`, all else of nerdctl."""

    namespace: str | None = None
    address: str | None = None

    def image(self, name: str) -> Fact:
        return fact("image", _full(name), **self._place)

    def no_image(self, name: str) -> Fact:
        return gone("image", _full(name), **self._place)

    def owns(self, known: Fact, noun: str) -> bool:
        if noun == "image":
            return (
                known.kind == "image" and known.spec.get("namespace") == self.namespace
            )
        return Inspected.owns(self, known, noun)

    @property
    def _place(self) -> dict[str, Any]:
        return {"namespace": self.namespace, "address": self.address}


def recipe(command: Invocation) -> Effects:
    given = options.parse(_in_front(command.arguments), VALUED, limit=1)
    environment = command.environment
    namespace = given.value("-n", "--namespace") or environment.get(
        "CONTAINERD_NAMESPACE"
    )
    address = given.value("-a", "--address", "-H", "--host") or environment.get(
        "CONTAINERD_ADDRESS"
    )
    address = address.removeprefix("unix://") if address else None
    if given.words[:1] == ("namespace",):
        return _namespaces(given.words[1:], address)
    named = [f"--namespace={namespace}"] if namespace else []
    placed = [f"--address={address}"] if address else []
    own = Nerdctl(("nerdctl", *placed, *named), MISSING, None, namespace, address)
    return subcommands.effects(command, own, given.words)


def _in_front(given: Sequence[str]) -> list[str]:
    """Move the global options, which may stand behind the subcommand, before it."""
    front: list[str] = []
    behind: list[str] = []
    rest = iter(given)
    for each in rest:
        name, equals, _ = each.partition("=")
        if name.startswith("--") and name in VALUED:
            front += [each] if equals else [each, next(rest, "")]
        else:
            behind.append(each)
    return front + behind


def _namespaces(given: tuple[str, ...], address: str | None) -> Effects:
    verb, *rest = given or ("",)
    arguments = options.parse(rest, ["-l", "--label"])
    if verb in ("create", "update"):
        pairs = (each.partition("=") for each in arguments.values("-l", "--label"))
        labels = {key: value for key, _, value in pairs} or None
        facts = (
            fact("namespace", name, labels=labels, address=address)
            for name in arguments.words
        )
        return change(*facts)
    if verb in ("remove", "rm"):
        return change(
            *(gone("namespace", name, address=address) for name in arguments.words)
        )
    return look()


def _full(name: str) -> str:
    return str(reference.parse(name))
