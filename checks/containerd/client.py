"""containerd's API as the checks read it: exact names in, generated messages out."""

from __future__ import annotations

from typing import TypeVar

from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import Message

from checks.containerd.connect import IDENTIFIER
from checks.containerd.proto import containers_pb2 as containers
from checks.containerd.proto import content_pb2 as contents
from checks.containerd.proto import images_pb2 as images
from checks.containerd.proto import namespaces_pb2 as namespaces
from checks.containerd.proto import process_pb2 as process
from checks.containerd.proto import snapshots_pb2 as snapshots
from checks.containerd.proto import tasks_pb2 as tasks
from checks.containerd.proto import version_pb2 as version
from checks.doors.machine import Machine
from checks.doors.rpc import Daemon, NotFound, Read
from checks.errors import CheckError

Request = TypeVar("Request", bound=Message)
Answer = TypeVar("Answer", bound=Message)
Found = TypeVar("Found", bound=Message)

VERSION = Read(
    "containerd.services.version.v1.Version/Version", Empty, version.VersionResponse
)
# There is no `Namespaces/Get`: it answers for namespaces that do not exist as well.
NAMESPACES = Read(
    "containerd.services.namespaces.v1.Namespaces/List",
    namespaces.ListNamespacesRequest,
    namespaces.ListNamespacesResponse,
)
IMAGE = Read(
    "containerd.services.images.v1.Images/Get",
    images.GetImageRequest,
    images.GetImageResponse,
)
IMAGES = Read(
    "containerd.services.images.v1.Images/List",
    images.ListImagesRequest,
    images.ListImagesResponse,
)
CONTAINER = Read(
    "containerd.services.containers.v1.Containers/Get",
    containers.GetContainerRequest,
    containers.GetContainerResponse,
)
CONTAINERS = Read(
    "containerd.services.containers.v1.Containers/List",
    containers.ListContainersRequest,
    containers.ListContainersResponse,
)
TASK = Read(
    "containerd.services.tasks.v1.Tasks/Get", tasks.GetRequest, tasks.GetResponse
)
SNAPSHOT = Read(
    "containerd.services.snapshots.v1.Snapshots/Stat",
    snapshots.StatSnapshotRequest,
    snapshots.StatSnapshotResponse,
)
CONTENT = Read(
    "containerd.services.content.v1.Content/Info",
    contents.InfoRequest,
    contents.InfoResponse,
)


class Containerd:
    """The containerd that answers at a socket of a machine.

    A method that looks one object up by name returns None when containerd says that
    there is none; every other reason for not having it is a CheckError.
    """

    def __init__(self, machine: Machine, address: str) -> None:
        self.address = address
        self._daemon = Daemon(machine, address, "containerd")

    def version(self) -> version.VersionResponse:
        return self._daemon.ask(VERSION, Empty())

    def namespaces(self) -> dict[str, namespaces.Namespace]:
        answer = self._daemon.ask(NAMESPACES, namespaces.ListNamespacesRequest())
        return {each.name: each for each in answer.namespaces}

    def image(self, namespace: str, name: str) -> images.Image | None:
        answer = self._look(namespace, IMAGE, images.GetImageRequest(name=name))
        return _exact(answer.image, answer.image.name, name) if answer else None

    def images(self, namespace: str) -> list[str]:
        """Return the references of all images in a namespace."""
        answer = self._ask(namespace, IMAGES, images.ListImagesRequest())
        return [image.name for image in answer.images]

    def container(self, namespace: str, name: str) -> containers.Container | None:
        request = containers.GetContainerRequest(id=name)
        answer = self._look(namespace, CONTAINER, request)
        return _exact(answer.container, answer.container.id, name) if answer else None

    def containers(self, namespace: str) -> list[str]:
        """Return the ids of all containers in a namespace."""
        answer = self._ask(namespace, CONTAINERS, containers.ListContainersRequest())
        return [container.id for container in answer.containers]

    def task(self, namespace: str, name: str) -> process.Process | None:
        """Return the task of the container with this id."""
        answer = self._look(namespace, TASK, tasks.GetRequest(container_id=name))
        return _exact(answer.process, answer.process.id, name) if answer else None

    def snapshot(
        self, namespace: str, snapshotter: str, key: str
    ) -> snapshots.Info | None:
        request = snapshots.StatSnapshotRequest(snapshotter=snapshotter, key=key)
        answer = self._look(namespace, SNAPSHOT, request)
        return _exact(answer.info, answer.info.name, key) if answer else None

    def content(self, namespace: str, digest: str) -> contents.Info | None:
        answer = self._look(namespace, CONTENT, contents.InfoRequest(digest=digest))
        return _exact(answer.info, answer.info.digest, digest) if answer else None

    def _look(
        self, namespace: str, read: Read[Request, Answer], request: Request
    ) -> Answer | None:
        try:
            return self._ask(namespace, read, request)
        except NotFound:
            return None

    def _ask(
        self, namespace: str, read: Read[Request, Answer], request: Request
    ) -> Answer:
        # It travels in a header, also where a daemon has said that there is such a one.
        if not IDENTIFIER.fullmatch(namespace):
            raise CheckError(f"`{namespace}` cannot be a namespace of containerd")
        metadata = (("containerd-namespace", namespace),)
        return self._daemon.ask(read, request, metadata)


def _exact(found: Found, name: str, asked: str) -> Found:
    if name != asked:
        raise CheckError(f"containerd was asked for `{asked}` and answered `{name}`")
    return found
