"""The kind `pod`: a pod as the container runtime keeps it, with its sandbox."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from checks.containerd.connect import check_address
from checks.cri.connect import connect, crictl
from checks.cri.missing_pod import missing_pod
from checks.cri.objects import PodName, moment, name_of, newest, short
from checks.doors.machine import Machine
from checks.errors import CheckError
from checks.findings import Property, difference, facts, labels, shown
from checks.matchers import Matcher, equals
from checks.times import ago
from checks.verdict import Facts, Verdict, failed, passed
from checks.vocabulary import check_words

if TYPE_CHECKING:
    from checks.cri.client import Cri
    from checks.cri.proto.runtime_pb2 import PodSandboxStatus

READY = equals("ready")
# runtime.v1.PodSandboxState
STATES = {0: "ready", 1: "notready"}
# runtime.v1.NamespaceMode: the network namespace is that of the node.
NODE = 2


@dataclass(frozen=True, slots=True)
class Pod:
    """A pod that the container runtime keeps, by its exact name.

        - pod: web
          namespace: default

    CRI is asked, not Kubernetes: the pod is its sandbox, in which containers are asked
    for with `cri-container`. Of several by the same name the newest counts. The fact
    `created` is in seconds since 1970.
    """

    FACTS: ClassVar = (
        "id",
        "name",
        "namespace",
        "uid",
        "attempt",
        "state",
        "created",
        "ip",
        "host_network",
    )
    WORDS: ClassVar = {"state": tuple(STATES.values())}

    pod: str
    """Its name, as Kubernetes or `crictl pods` shows it."""
    namespace: str = "default"
    """Its namespace in Kubernetes, which is none of containerd's."""
    state: Matcher = READY
    """Whether its sandbox runs."""
    ip: Matcher | None = None
    """Its first address; one in the network of its host has none of its own."""
    host_network: bool | None = None
    """Whether it is in the network of its host."""
    labels: Mapping[str, Matcher] | None = None
    exists: bool = True
    """`false` asks that there is no such pod, not even one that has stopped."""
    address: str | None = None
    """The path of the socket, or the flavour of containerd; as for `containerd`."""

    def __post_init__(self) -> None:
        check_address(self.address)
        check_words("state", self.state, self.WORDS["state"])

    def run(self, machine: Machine) -> Verdict:
        client = connect(machine, self.address)
        asked = PodName(self.pod, self.namespace)
        pods = client.pods()
        sandbox = newest(each for each in pods if name_of(each) == asked)
        found = client.pod(sandbox.id) if sandbox else None
        if found:
            return self._found(client, asked, found)
        if not self.exists:
            return passed(asked.absent)
        return missing_pod(client, asked, pods)

    def _found(self, client: Cri, asked: PodName, found: PodSandboxStatus) -> Verdict:
        state = STATES.get(found.state, "unknown")
        if state == "unknown":
            raise CheckError(f"CRI cannot tell whether {asked} is ready")
        seen, summary = _facts(found), f"{asked.subject} {_worded(found)}"
        remove = crictl(client, "rmp", "--force", short(found.id))
        if not self.exists:
            return failed(summary, expected="no pod", hint=remove, facts=seen)
        again = f"{remove} && {crictl(client, 'runp', f'{self.pod}.json')}"
        if not self.state.accepts(state):
            stop = crictl(client, "stopp", short(found.id))
            return failed(
                summary,
                expected=self.state.describe(),
                actual=state,
                hint=stop if state == "ready" else again,
                facts=seen,
            )
        differs = difference(asked.subject, self._properties(found), seen, again)
        return differs or passed(summary, seen)

    def _properties(self, found: PodSandboxStatus) -> list[Property]:
        in_host = None if self.host_network is None else equals(self.host_network)
        return [
            ("IP address", self.ip, found.network.ip or None),
            ("host network", in_host, _is_in_host_network(found)),
            *labels(self.labels, found.labels),
        ]


def _worded(found: PodSandboxStatus) -> str:
    if STATES[found.state] == "ready":
        address = shown(found.network.ip)
        return f"is ready, at {address}" if address else "is ready"
    made = ago(time.time() - (moment(found.created_at) or 0))
    return f"is not ready: its sandbox, made {made}, has stopped"


def _is_in_host_network(found: PodSandboxStatus) -> bool:
    return found.linux.namespaces.options.network == NODE


def _facts(found: PodSandboxStatus) -> Facts:
    return facts(
        id=found.id,
        name=found.metadata.name,
        namespace=found.metadata.namespace,
        uid=found.metadata.uid,
        attempt=found.metadata.attempt,
        state=STATES[found.state],
        created=moment(found.created_at),
        ip=found.network.ip or None,
        host_network=_is_in_host_network(found),
    )
