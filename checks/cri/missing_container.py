"""Explaining a container that is not in its pod: where one is, or what is in its place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from checks.containerd import connect as containerd
from checks.containerd.missing import SEARCHED_NAMESPACES, SHOWN_NAMES, instead
from checks.cri.connect import crictl
from checks.cri.missing_pod import lacking, missing_pod
from checks.cri.objects import Place, PodName, listed, name_of, newest, short
from checks.errors import CheckError
from checks.findings import shown
from checks.verdict import Verdict, failed

if TYPE_CHECKING:
    from checks.cri.client import Cri
    from checks.cri.proto.runtime_pb2 import Container, PodSandbox


@dataclass(frozen=True, slots=True)
class Search:
    """A container that is missing at a place, and all pods and containers there are."""

    client: Cri
    name: str
    place: Place
    pods: Sequence[PodSandbox]
    containers: Sequence[tuple[Container, PodName]]


def missing_container(
    client: Cri, name: str, place: Place, pods: Sequence[PodSandbox]
) -> Verdict:
    """Return the failure for a container that is not where it is looked for."""
    inside = [each for each in pods if name_of(each) in place]
    if place.pod and not inside:
        return missing_pod(client, PodName(place.pod, place.namespace), pods)
    said = place.lacks(name)
    with suppress(CheckError):
        search = Search(client, name, place, pods, _containers(client, pods))
        said += next(filter(None, (look(search) for look in LOOKS)))
    lack = None if inside else lacking(client)
    if lack:
        return failed(f"{said}, and {lack.said}", hint=lack.hint)
    sandbox = newest(inside) if place.pod else None
    return failed(said, hint=creation(client, name, sandbox))


def creation(client: Cri, name: str, sandbox: PodSandbox | None) -> str:
    """Return the command that makes a container in a pod, or in one to be chosen."""
    pod, identity = "POD", "POD-ID"
    if sandbox:
        pod, identity = sandbox.metadata.name, short(sandbox.id)
    return crictl(client, "create", identity, f"{name}.json", f"{pod}.json")


def _containers(
    client: Cri, pods: Sequence[PodSandbox]
) -> list[tuple[Container, PodName]]:
    names = {each.id: name_of(each) for each in pods}
    return [
        (each, names[each.pod_sandbox_id])
        for each in client.containers()
        if each.pod_sandbox_id in names
    ]


def _in_another_pod(search: Search) -> str:
    for container, pod in search.containers:
        if container.metadata.name == search.name:
            return f"; {pod} of `{shown(pod.namespace)}` has one"
    return ""


def _by_its_identity(search: Search) -> str:
    called = {each.id: str(name_of(each)) for each in search.pods}
    for container, pod in search.containers:
        called[container.id] = f"`{shown(container.metadata.name)}` of {pod}"
    for identity, said in called.items():
        if short(identity) == short(search.name):
            return f"; that is the ID of {said}"
    return ""


def _as_a_pod(search: Search) -> str:
    named = PodName(search.name, search.place.namespace)
    if named not in map(name_of, search.pods):
        return ""
    inside = _names(each for each, pod in search.containers if pod == named)
    has = f", which has {listed(inside[:SHOWN_NAMES])}" if inside else ""
    return f"; that is the name of a pod{has}"


def _without_cri(search: Search) -> str:
    address = search.client.flavour.address
    holder = containerd.connect(search.client.machine, address)
    for namespace in sorted(holder.namespaces())[:SEARCHED_NAMESPACES]:
        if holder.container(namespace, search.name):
            inside = f"its namespace `{namespace}`"
            return f"; containerd has one in {inside}, of which CRI knows nothing"
    return ""


def _others(search: Search) -> str:
    own = (each for each, pod in search.containers if pod in search.place)
    return instead("container", _names(own))


def _names(containers: Iterable[Container]) -> list[str]:
    return sorted({each.metadata.name for each in containers})


# Each words one near miss as the end of a sentence, or nothing; the first one is told.
LOOKS = (_in_another_pod, _by_its_identity, _as_a_pod, _without_cri, _others)
