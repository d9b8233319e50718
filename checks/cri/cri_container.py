"""The kind `cri-container`: a container that CRI runs in a pod."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from checks import reference
from checks.containerd.connect import check_address
from checks.cri.condition import condition
from checks.cri.connect import connect, crictl
from checks.cri.missing_container import creation, missing_container
from checks.cri.objects import Place, listed, moment, name_of, newest, short
from checks.doors.machine import Machine
from checks.errors import CheckError
from checks.findings import Property, difference, facts, labels, shown
from checks.matchers import Matcher, equals
from checks.verdict import Facts, Verdict, failed, passed
from checks.vocabulary import check_numbers, check_words

if TYPE_CHECKING:
    from checks.cri.client import Cri
    from checks.cri.proto.runtime_pb2 import Container, ContainerStatus, PodSandbox

RUNNING, EXITED = equals("running"), equals("exited")
# runtime.v1.ContainerState; 3 is UNKNOWN: the runtime has lost sight of it.
STATES = {0: "created", 1: "running", 2: "exited"}
# What `crictl` does about a container in one state where another is wanted.
MENDS = {
    ("created", "running"): "start",
    ("running", "exited"): "stop",
    ("exited", "running"): "logs",
}


@dataclass(frozen=True, slots=True)
class CriContainer:
    """A container in a pod, by its exact name.

        - cri-container: server
          pod: web
          image: busybox

    Its name is that in the pod, not its ID. Of several by the same name the newest
    counts: a container that has ended is not started again but followed by another,
    whose `attempt` is one higher. The facts `started` and `ended` are in seconds since
    1970.
    """

    FACTS: ClassVar = (
        "id",
        "name",
        "pod",
        "namespace",
        "attempt",
        "image",
        "state",
        "exit",
        "reason",
        "started",
        "ended",
    )
    WORDS: ClassVar = {"state": tuple(STATES.values())}

    cri_container: str
    """Its name in the pod."""
    pod: str | None = None
    """The name of its pod; needed where several pods have such a container."""
    namespace: str = "default"
    """The namespace of its pod in Kubernetes, which is none of containerd's."""
    state: Matcher | None = None
    """What it is doing; without this key it must be running, or have exited when `exit`
    or `reason` is given."""
    image: Matcher | None = None
    """What it was made from; a name is completed as in a pod, so `busybox` is
    `docker.io/library/busybox:latest`."""
    exit: Matcher | None = None
    """The code it ended with, 128+N after signal N."""
    reason: Matcher | None = None
    """Why it ended, in one word of the runtime's: `Completed`, `Error`, `OOMKilled`."""
    attempt: Matcher | None = None
    """How many by its name there were in the pod before it."""
    labels: Mapping[str, Matcher] | None = None
    exists: bool = True
    """`false` asks that there is no such container, not even one that has ended."""
    address: str | None = None
    """The path of the socket, or the flavour of containerd; as for `containerd`."""

    def __post_init__(self) -> None:
        check_address(self.address)
        check_words("state", self.state, self.WORDS["state"])
        check_numbers("exit", self.exit)
        check_numbers("attempt", self.attempt)

    def run(self, machine: Machine) -> Verdict:
        client, place = connect(machine, self.address), Place(self.namespace, self.pod)
        pods = client.pods()
        sandboxes = {each.id: each for each in pods if name_of(each) in place}
        container = newest(self._named(client, sandboxes))
        found = client.container(container.id) if container else None
        if container and found:
            return self._found(client, sandboxes[container.pod_sandbox_id], found)
        if not self.exists:
            return passed(place.lacks(self.cri_container))
        return missing_container(client, self.cri_container, place, pods)

    def _named(
        self, client: Cri, sandboxes: Mapping[str, PodSandbox]
    ) -> Sequence[Container]:
        """Return the containers of this name, which must be those of one pod."""
        if not sandboxes:
            return []
        only = next(iter(sandboxes)) if len(sandboxes) == 1 else ""
        named = [
            each
            for each in client.containers(only)
            if each.metadata.name == self.cri_container
            and each.pod_sandbox_id in sandboxes
        ]
        owners = {sandboxes[each.pod_sandbox_id].metadata.name for each in named}
        if len(owners) > 1 and self.exists:
            raise CheckError(
                f"each of the pods {listed(sorted(owners))} "
                f"has a container `{self.cri_container}`",
                "name one of them with `pod:`",
            )
        return named

    def _found(
        self, client: Cri, sandbox: PodSandbox, found: ContainerStatus
    ) -> Verdict:
        state, seen = self._state(client, found), self._facts(sandbox, found)
        subject = f"Container `{self.cri_container}` of {name_of(sandbox)}"
        summary = f"{subject} {condition(state, found)}"
        remove = crictl(client, "rm", "--force", short(found.id))
        if not self.exists:
            return failed(summary, expected="no container", hint=remove, facts=seen)
        if not self._wanted.accepts(state):
            mend = MENDS.get((state, self._wanted.literal or ""), "inspect")
            return failed(
                summary,
                expected=self._wanted.describe(),
                actual=state,
                hint=crictl(client, mend, short(found.id)),
                facts=seen,
            )
        logs = crictl(client, "logs", short(found.id))
        again = f"{remove} && {creation(client, self.cri_container, sandbox)}"
        return (
            difference(subject, self._course(seen), seen, logs)
            or difference(subject, self._made(found), seen, again)
            or passed(summary, seen)
        )

    def _state(self, client: Cri, found: ContainerStatus) -> str:
        if found.state not in STATES:
            raise CheckError(
                f"CRI cannot tell what container `{self.cri_container}` is doing",
                crictl(client, "inspect", short(found.id)),
            )
        return STATES[found.state]

    @property
    def _wanted(self) -> Matcher:
        return self.state or (EXITED if self.exit or self.reason else RUNNING)

    def _course(self, seen: Facts) -> Iterable[Property]:
        """Yield what is asked of how it fared."""
        yield "exit code", self.exit, seen["exit"]
        yield "reason", self.reason, seen["reason"]
        yield "attempt", self.attempt, seen["attempt"]

    def _made(self, found: ContainerStatus) -> Iterable[Property]:
        """Yield what is asked of how it was made."""
        yield "image", self.image and _completed(self.image), self._image(found)
        yield from labels(self.labels, found.labels)

    def _image(self, found: ContainerStatus) -> str:
        by_digest = self.image and "@" in (self.image.literal or "")
        return found.image_ref if by_digest else found.image.image

    def _facts(self, sandbox: PodSandbox, found: ContainerStatus) -> Facts:
        state = STATES[found.state]
        return facts(
            id=found.id,
            name=found.metadata.name,
            pod=shown(sandbox.metadata.name),
            namespace=self.namespace,
            attempt=found.metadata.attempt,
            image=found.image.image,
            state=state,
            exit=found.exit_code if state == "exited" else None,
            reason=shown(found.reason) or None,
            started=moment(found.started_at),
            ended=moment(found.finished_at),
        )


def _completed(image: Matcher) -> Matcher:
    if image.literal is None:
        return image
    return equals(reference.full_id(image.literal) or reference.parse(image.literal))
