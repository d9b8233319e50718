"""The kind `namespace`: a namespace of containerd."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from checks.containerd.connect import check_place, connect, ctr
from checks.containerd.missing import instead
from checks.doors.machine import Machine
from checks.findings import difference, facts, labels
from checks.matchers import Matcher
from checks.verdict import Verdict, failed, passed


@dataclass(frozen=True, slots=True)
class Namespace:
    """A namespace of containerd, by its exact name.

        - namespace: staging
          labels: {team: web}

    containerd creates `default` with the first thing that is put into it.
    """

    FACTS: ClassVar = ("name", "labels")

    namespace: str
    """Its name."""
    labels: Mapping[str, Matcher] | None = None
    exists: bool = True
    address: str | None = None

    def __post_init__(self) -> None:
        check_place(self.namespace, self.address)

    def run(self, machine: Machine) -> Verdict:
        client = connect(machine, self.address)
        known, name = client.namespaces(), self.namespace
        if name not in known and self.exists:
            return failed(
                f"There is no namespace `{name}`{instead('namespace', list(known))}",
                hint=ctr(client, client.namespace, "namespaces", "create", name),
            )
        if name not in known:
            return passed(f"There is no namespace `{name}`")
        observed = known[name].labels
        found = facts(name=name, labels=observed)
        summary = f"There is a namespace `{name}`"
        if not self.exists:
            hint = ctr(client, client.namespace, "namespaces", "rm", name)
            return failed(summary, hint=hint, facts=found)
        differs = difference(
            f"Namespace `{name}`", labels(self.labels, observed), found
        )
        return differs or passed(summary, found)
