"""Pods and containers as CRI identifies them: names may recur, IDs are its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from checks.findings import shown

if TYPE_CHECKING:
    from checks.cri.proto.runtime_pb2 import PodSandbox

SHOWN_ID, NANOSECONDS = 13, 1e9


class Made(Protocol):
    """A sandbox or a container; `created_at` is in nanoseconds since 1970."""

    id: str
    created_at: int


Object = TypeVar("Object", bound=Made)


@dataclass(frozen=True, slots=True)
class PodName:
    """The name of a pod and its namespace in Kubernetes."""

    name: str
    namespace: str

    def __str__(self) -> str:
        return f"pod `{shown(self.name)}`"

    @property
    def subject(self) -> str:
        return f"Pod `{shown(self.name)}`"

    @property
    def absent(self) -> str:
        return f"There is no {self} in Kubernetes namespace `{self.namespace}`"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a container is looked for: in a pod, or in all of a Kubernetes namespace."""

    namespace: str
    pod: str | None

    def __contains__(self, pod: PodName) -> bool:
        return pod.namespace == self.namespace and self.pod in (None, pod.name)

    def lacks(self, container: str) -> str:
        inside = f"pod `{self.pod}` of " if self.pod else ""
        return (
            f"There is no container `{container}` in {inside}"
            f"Kubernetes namespace `{self.namespace}`"
        )


def name_of(pod: PodSandbox) -> PodName:
    return PodName(pod.metadata.name, pod.metadata.namespace)


def newest(objects: Iterable[Object]) -> Object | None:
    """Return the one that was made last: it replaced the others of its name."""
    return max(objects, key=lambda each: each.created_at, default=None)


def short(identity: str) -> str:
    """Return as much of an ID as `crictl` shows, and takes."""
    return identity[:SHOWN_ID]


def moment(nanoseconds: int) -> float | None:
    """Return seconds since 1970; 0 says that it has not happened."""
    return nanoseconds / NANOSECONDS if nanoseconds > 0 else None


def listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{shown(name)}`" for name in names)
