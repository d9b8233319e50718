"""containerd's API as the checks read it: exact names in, generated messages out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import Message

from checks.containerd.connect import FOUND, IDENTIFIER
from checks.containerd.flavours import Flavour
from checks.containerd.proto import containers_pb2 as containers
from checks.containerd.proto import content_pb2 as contents
from checks.containerd.proto import images_pb2 as images
from checks.containerd.proto import leases_pb2 as leases
from checks.containerd.proto import namespaces_pb2 as namespaces
from checks.containerd.proto import process_pb2 as process
from checks.containerd.proto import snapshots_pb2 as snapshots
from checks.containerd.proto import subscription_pb2 as subscription
from checks.containerd.proto import tasks_pb2 as tasks
from checks.containerd.proto import version_pb2 as version
from checks.doors.dial import NothingListens
from checks.doors.machine import Machine
from checks.doors.rpc import Daemon, NotFound, Read
from checks.errors import CheckError
from checks.host import absence

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
TASKS = Read(
    "containerd.services.tasks.v1.Tasks/List",
    tasks.ListTasksRequest,
    tasks.ListTasksResponse,
)
SNAPSHOT = Read(
    "containerd.services.snapshots.v1.Snapshots/Stat",
    snapshots.StatSnapshotRequest,
    snapshots.StatSnapshotResponse,
)
SNAPSHOTS = Read(
    "containerd.services.snapshots.v1.Snapshots/List",
    snapshots.ListSnapshotsRequest,
    snapshots.ListSnapshotsResponse,
)
CONTENT = Read(
    "containerd.services.content.v1.Content/Info",
    contents.InfoRequest,
    contents.InfoResponse,
)
CONTENTS = Read(
    "containerd.services.content.v1.Content/List",
    contents.ListContentRequest,
    contents.ListContentResponse,
)
BLOB = Read(
    "containerd.services.content.v1.Content/Read",
    contents.ReadContentRequest,
    contents.ReadContentResponse,
)
LEASES = Read(
    "containerd.services.leases.v1.Leases/List",
    leases.ListRequest,
    leases.ListResponse,
)
RESOURCES = Read(
    "containerd.services.leases.v1.Leases/ListResources",
    leases.ListResourcesRequest,
    leases.ListResourcesResponse,
)
EVENTS = Read(
    "containerd.services.events.v1.Events/Subscribe",
    subscription.SubscribeRequest,
    subscription.Envelope,
)
BLOB_LIMIT = 4 << 20


class Containerd:
    """A containerd of a machine; `namespace` is the one that a check means.

    `usual` is the namespace that its `ctr` takes when it is told none. A method that looks one object up by name returns None when containerd says that
    there is none; every other reason for not having it is a CheckError.
    """

    def __init__(
        self, machine: Machine, flavour: Flavour, namespace: str, usual: str
    ) -> None:
        self.machine = machine
        self.flavour = flavour
        self.namespace = namespace
        self.usual = usual
        self._daemon = Daemon(machine, flavour.address, flavour.unit, flavour.systemctl)

    @property
    def address(self) -> str:
        return self.flavour.address

    def version(self) -> version.VersionResponse:
        return self._call(VERSION, Empty())

    def namespaces(self) -> dict[str, namespaces.Namespace]:
        answer = self._call(NAMESPACES, namespaces.ListNamespacesRequest())
        return {each.name: each for each in answer.namespaces}

    def image(self, namespace: str, name: str) -> images.Image | None:
        answer = self._look(namespace, IMAGE, images.GetImageRequest(name=name))
        return _exact(answer.image, answer.image.name, name) if answer else None

    def images(self, namespace: str) -> dict[str, images.Image]:
        """Return all images in a namespace by their references."""
        answer = self._ask(namespace, IMAGES, images.ListImagesRequest())
        return {image.name: image for image in answer.images}

    def container(self, namespace: str, name: str) -> containers.Container | None:
        request = containers.GetContainerRequest(id=name)
        answer = self._look(namespace, CONTAINER, request)
        return _exact(answer.container, answer.container.id, name) if answer else None

    def containers(self, namespace: str) -> dict[str, containers.Container]:
        """Return all containers in a namespace by their ids."""
        answer = self._ask(namespace, CONTAINERS, containers.ListContainersRequest())
        return {container.id: container for container in answer.containers}

    def task(self, namespace: str, name: str) -> process.Process | None:
        """Return the task of the container with this id."""
        answer = self._look(namespace, TASK, tasks.GetRequest(container_id=name))
        return _exact(answer.process, answer.process.id, name) if answer else None

    def tasks(self, namespace: str) -> list[process.Process]:
        return list(self._ask(namespace, TASKS, tasks.ListTasksRequest()).tasks)

    def snapshot(
        self, namespace: str, snapshotter: str, key: str
    ) -> snapshots.Info | None:
        request = snapshots.StatSnapshotRequest(snapshotter=snapshotter, key=key)
        answer = self._look(namespace, SNAPSHOT, request)
        return _exact(answer.info, answer.info.name, key) if answer else None

    def snapshots(self, namespace: str, snapshotter: str) -> Iterator[snapshots.Info]:
        request = snapshots.ListSnapshotsRequest(snapshotter=snapshotter)
        for answer in self._daemon.listen(SNAPSHOTS, request, _headed(namespace)):
            yield from answer.info

    def content(self, namespace: str, digest: str) -> contents.Info | None:
        answer = self._look(namespace, CONTENT, contents.InfoRequest(digest=digest))
        return _exact(answer.info, answer.info.digest, digest) if answer else None

    def contents(self, namespace: str, *filters: str) -> Iterator[contents.Info]:
        """Yield what the store has for a namespace that any of the filters selects."""
        request = contents.ListContentRequest(filters=filters)
        for answer in self._daemon.listen(CONTENTS, request, _headed(namespace)):
            yield from answer.info

    def blob(self, namespace: str, digest: str) -> bytes | None:
        """Return the bytes of a document in the content store.

        Raises CheckError for one that is larger than documents of images ever are.
        """
        request = contents.ReadContentRequest(digest=digest)
        data = b""
        try:
            for answer in self._daemon.listen(BLOB, request, _headed(namespace)):
                data += answer.data
                if len(data) > BLOB_LIMIT:
                    raise CheckError(f"`{digest}` is too large for a document")
        except NotFound:
            return None
        return data

    def lease(self, namespace: str, name: str) -> leases.Lease | None:
        quoted = name.replace("\\", r"\\").replace('"', r"\"")
        request = leases.ListRequest(filters=[f'id=="{quoted}"'])
        found = self._ask(namespace, LEASES, request).leases
        return _exact(found[0], found[0].id, name) if found else None

    def resources(self, namespace: str, lease: str) -> list[leases.Resource]:
        """Return what a lease keeps from being collected."""
        request = leases.ListResourcesRequest(id=lease)
        return list(self._ask(namespace, RESOURCES, request).resources)

    def leases(self, namespace: str) -> list[str]:
        """Return the ids of all leases in a namespace."""
        answer = self._ask(namespace, LEASES, leases.ListRequest())
        return [lease.id for lease in answer.leases]

    def events(self) -> Iterator[subscription.Envelope]:
        """Yield what happens from now on in any namespace, until this is closed."""
        request = subscription.SubscribeRequest()
        return self._daemon.listen(EVENTS, request, forever=True)

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
        return self._call(read, request, *_headed(namespace))

    def _call(
        self, read: Read[Request, Answer], request: Request, *metadata: tuple[str, str]
    ) -> Answer:
        try:
            return self._daemon.ask(read, request, metadata)
        except NothingListens as error:
            self.machine.forget(FOUND)
            raise absence.explained(self.machine, self.flavour, error) from None


def _headed(namespace: str) -> tuple[tuple[str, str]]:
    # It travels in a header, also where a daemon has said that there is such a one.
    if not IDENTIFIER.fullmatch(namespace):
        raise CheckError(f"`{namespace}` cannot be a namespace of containerd")
    return (("containerd-namespace", namespace),)


def _exact(found: Found, name: str, asked: str) -> Found:
    if name != asked:
        raise CheckError(f"containerd was asked for `{asked}` and answered `{name}`")
    return found
