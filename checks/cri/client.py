"""The CRI as the checks read it: what the kubelet asks of a machine's containerd."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import TypeVar

from google.protobuf.message import Message

from checks.containerd.connect import FOUND
from checks.containerd.flavours import Flavour
from checks.cri.proto import image_pb2 as images
from checks.cri.proto import runtime_pb2 as runtime
from checks.cri.unready import NETWORK, RUNTIME
from checks.doors.dial import NothingListens
from checks.doors.machine import Machine
from checks.doors.rpc import Daemon, NotFound, Read
from checks.errors import CheckError, UnknownMethod
from checks.host import absence

Request = TypeVar("Request", bound=Message)
Answer = TypeVar("Answer", bound=Message)

VERSION = Read(
    "runtime.v1.RuntimeService/Version",
    runtime.VersionRequest,
    runtime.VersionResponse,
)
STATUS = Read(
    "runtime.v1.RuntimeService/Status", runtime.StatusRequest, runtime.StatusResponse
)
PODS = Read(
    "runtime.v1.RuntimeService/ListPodSandbox",
    runtime.ListPodSandboxRequest,
    runtime.ListPodSandboxResponse,
)
POD = Read(
    "runtime.v1.RuntimeService/PodSandboxStatus",
    runtime.PodSandboxStatusRequest,
    runtime.PodSandboxStatusResponse,
)
CONTAINERS = Read(
    "runtime.v1.RuntimeService/ListContainers",
    runtime.ListContainersRequest,
    runtime.ListContainersResponse,
)
CONTAINER = Read(
    "runtime.v1.RuntimeService/ContainerStatus",
    runtime.ContainerStatusRequest,
    runtime.ContainerStatusResponse,
)
IMAGE = Read(
    "runtime.v1.ImageService/ImageStatus",
    images.ImageStatusRequest,
    images.ImageStatusResponse,
)
IMAGES = Read(
    "runtime.v1.ImageService/ListImages",
    images.ListImagesRequest,
    images.ListImagesResponse,
)


class Cri:
    """The CRI at a containerd's socket; every method raises CheckError alone."""

    def __init__(self, machine: Machine, flavour: Flavour) -> None:
        self.machine = machine
        self.flavour = flavour
        self._daemon = Daemon(machine, flavour.address, flavour.unit, flavour.systemctl)

    def version(self) -> runtime.VersionResponse:
        return self._ask(VERSION, runtime.VersionRequest())

    def conditions(self) -> dict[str, runtime.RuntimeCondition]:
        """Return by type what the runtime says of its state: at least what pods need."""
        answer = self._ask(STATUS, runtime.StatusRequest())
        told = {each.type: each for each in answer.status.conditions}
        for name in (RUNTIME, NETWORK):
            if name not in told:
                raise CheckError(f"CRI does not say whether `{name}` holds")
        return told

    def information(self) -> Mapping[str, str]:
        """Return what the runtime tells of itself for debugging, each as JSON."""
        return self._ask(STATUS, runtime.StatusRequest(verbose=True)).info

    def pods(self) -> list[runtime.PodSandbox]:
        """Return the sandboxes of all pods; CRI looks none up by its name."""
        return list(self._ask(PODS, runtime.ListPodSandboxRequest()).items)

    def pod(self, sandbox: str) -> runtime.PodSandboxStatus | None:
        """Return the sandbox with this ID."""
        request = runtime.PodSandboxStatusRequest(pod_sandbox_id=sandbox)
        answer = self._look(POD, request)
        return answer.status if answer else None

    def containers(self, sandbox: str = "") -> list[runtime.Container]:
        """Return the containers in the sandbox with this ID, else all there are."""
        only = runtime.ContainerFilter(pod_sandbox_id=sandbox)
        request = runtime.ListContainersRequest(filter=only)
        return list(self._ask(CONTAINERS, request).containers)

    def container(self, identity: str) -> runtime.ContainerStatus | None:
        """Return the container with this ID."""
        request = runtime.ContainerStatusRequest(container_id=identity)
        answer = self._look(CONTAINER, request)
        return answer.status if answer else None

    def image(self, name: str) -> images.Image | None:
        """Return the image that CRI takes a name for, which may be a longer one."""
        request = images.ImageStatusRequest(image=images.ImageSpec(image=name))
        answer = self._ask(IMAGE, request)
        return answer.image if answer.HasField("image") else None

    def tags(self) -> list[str]:
        """Return the references by which pods can name the images there are."""
        answer = self._ask(IMAGES, images.ListImagesRequest())
        return [tag for image in answer.images for tag in image.repo_tags]

    def _look(self, read: Read[Request, Answer], request: Request) -> Answer | None:
        try:
            return self._ask(read, request)
        except NotFound:
            return None

    def _ask(self, read: Read[Request, Answer], request: Request) -> Answer:
        try:
            return self._daemon.ask(read, request)
        except UnknownMethod:
            raise UnknownMethod(
                f"what answers at `{self.flavour.address}` offers no CRI",
                shlex.join((*self.flavour.ctr, "plugins", "ls", "id==cri")),
            ) from None
        except NothingListens as error:
            self.machine.forget(FOUND)
            raise absence.explained(self.machine, self.flavour, error) from None
