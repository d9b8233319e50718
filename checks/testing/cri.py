"""A fake containerd that offers CRI as well, for tests of its kinds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from checks.cri import client
from checks.cri.proto.image_pb2 import Image
from checks.cri.proto.runtime_pb2 import (
    Container,
    ContainerStatus,
    PodSandbox,
    PodSandboxStatus,
    RuntimeCondition,
)
from checks.doors.rpc import Read
from checks.testing.containerd import ContainerdServer
from checks.testing.server import Refusal

Found = TypeVar("Found")

SECOND = 1_000_000_000  # CRI counts in nanoseconds
ID = "sha256:" + "ab" * 32
READS = {read.method: read for read in vars(client).values() if isinstance(read, Read)}


class CriServer(ContainerdServer):
    """A ContainerdServer with CRI, ready unless told otherwise.

    `config` is what it tells of its configuration, as JSON; `pods` and `containers` are
    by ID, the latter with the ID of their pod.
    """

    def __init__(
        self, *, images: Iterable[str] = (), containers: Iterable[str] = ()
    ) -> None:
        self.conditions: dict[str, RuntimeCondition] = {}
        self.answers("RuntimeReady")
        self.answers("NetworkReady")
        self.config = json.dumps({"cni": {"confDir": "/etc/cni/net.d"}})
        self.known: dict[str, Image] = {}
        self.pods: dict[str, PodSandboxStatus] = {}
        self.containers: dict[str, tuple[str, ContainerStatus]] = {}
        super().__init__(images=images, containers=containers)

    def answers(self, condition: str, reason: str = "", message: str = "") -> None:
        """Have a condition hold, unless there is a reason why it does not."""
        self.conditions[condition] = RuntimeCondition(
            type=condition, status=not reason, reason=reason, message=message
        )

    def knows(
        self, *names: str, tags: Iterable[str] = (), digests: Iterable[str] = ()
    ) -> None:
        """Have CRI answer each of the names with an image."""
        image = Image(id=ID, repo_tags=tags, repo_digests=digests, size=2_000_000)
        self.known.update(dict.fromkeys(names, image))

    def has_pod(
        self, name: str, namespace: str = "default", state: str = "ready", **fields: Any
    ) -> str:
        """Put a pod that is newer than the others; returns its ID.

        `fields` are others of PodSandboxStatus.
        """
        number = len(self.pods) + 1
        pod = PodSandboxStatus(
            id=f"{number:0<64}",
            metadata={"name": name, "namespace": namespace, "uid": f"uid-{number}"},
            state=f"SANDBOX_{state.upper()}",
            created_at=number * SECOND,
            **fields,
        )
        self.pods[pod.id] = pod
        return pod.id

    def has_container_in(
        self,
        pod: str,
        name: str,
        state: str = "running",
        attempt: int = 0,
        **fields: Any,
    ) -> str:
        """Put a container that is newer than the others; returns its ID.

        `pod` is the ID of its pod, `fields` are others of ContainerStatus.
        """
        number = len(self.containers) + 1
        container = ContainerStatus(
            id=f"c{number:0<63}",
            metadata={"name": name, "attempt": attempt},
            state=f"CONTAINER_{state.upper()}",
            created_at=number * SECOND,
            **fields,
        )
        self.containers[container.id] = pod, container
        return container.id

    def disable(self) -> None:
        """Have it answer as a containerd does that has not loaded CRI."""
        unknown = Refusal("UNIMPLEMENTED", "unknown service runtime.v1.RuntimeService")
        self.refusals.update(dict.fromkeys(READS, unknown))

    def _answer(
        self, method: str, data: bytes, metadata: dict[str, str]
    ) -> bytes | Iterable[bytes]:
        if method not in READS or method in self.refusals:
            return super()._answer(method, data, metadata)
        request = READS[method].request.FromString(data)
        answer: bytes = (
            READS[method].answer(**self._fields(method, request)).SerializeToString()
        )
        return answer

    def _fields(self, method: str, request: Any) -> dict[str, Any]:
        """Return the fields of an answer."""
        match method.rpartition("/")[2]:
            case "Version":
                return {
                    "runtime_name": "containerd",
                    "runtime_version": "1.7.2",
                    "runtime_api_version": "v1",
                }
            case "ImageStatus":
                return {"image": self.known.get(request.image.image)}
            case "ListImages":
                return {"images": self.known.values()}
            case "ListPodSandbox":
                return {"items": map(_listed_pod, self.pods.values())}
            case "PodSandboxStatus":
                return {"status": _present(self.pods, request.pod_sandbox_id)}
            case "ListContainers":
                return {"containers": self._listed(request.filter.pod_sandbox_id)}
            case "ContainerStatus":
                return {"status": _present(self.containers, request.container_id)[1]}
        info = {"config": self.config} if request.verbose else {}
        return {"status": {"conditions": self.conditions.values()}, "info": info}

    def _listed(self, wanted: str) -> Iterator[Container]:
        for pod, each in self.containers.values():
            if wanted in ("", pod):
                yield Container(
                    id=each.id,
                    pod_sandbox_id=pod,
                    metadata=each.metadata,
                    image=each.image,
                    state=each.state,
                    created_at=each.created_at,
                )


def _listed_pod(pod: PodSandboxStatus) -> PodSandbox:
    return PodSandbox(
        id=pod.id, metadata=pod.metadata, state=pod.state, created_at=pod.created_at
    )


def _present(known: Mapping[str, Found], identity: str) -> Found:
    if identity not in known:
        raise Refusal("NOT_FOUND", f"{identity}: not found")
    return known[identity]
