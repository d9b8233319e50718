"""A containerd made of dicts behind a real gRPC server, for tests of kinds."""

from __future__ import annotations

import hashlib
import queue
from collections.abc import Iterable, Iterator, Mapping
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

from google.protobuf.any_pb2 import Any as Packed
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from checks.containerd import client, flavours
from checks.containerd.connect import DEFAULT_ADDRESS
from checks.containerd.proto.containers_pb2 import Container
from checks.containerd.proto.content_pb2 import Info as Content
from checks.containerd.proto.descriptor_pb2 import Descriptor
from checks.containerd.proto.images_pb2 import Image
from checks.containerd.proto.leases_pb2 import Lease, Resource
from checks.containerd.proto.namespaces_pb2 import Namespace
from checks.containerd.proto.process_pb2 import Process
from checks.containerd.proto.snapshots_pb2 import Info as Snapshot
from checks.containerd.proto.subscription_pb2 import Envelope
from checks.doors.rpc import Read
from checks.host import systemd
from checks.testing.machine import FakeMachine, Unscripted
from checks.testing.server import GrpcServer, Refusal

READS = {read.method: read for read in vars(client).values() if isinstance(read, Read)}
SHOW = f"systemctl show --property={systemd.PROPERTIES} -- containerd.service"
BUSYBOX = "docker.io/library/busybox:latest"
STREAMED = (client.SNAPSHOTS, client.CONTENTS, client.BLOB, client.EVENTS)
STREAMS = {read.method for read in STREAMED}
DIGEST = "sha256:" + "ab" * 32

Labels = Mapping[str, str]


def machine(
    sockets: Mapping[str, Any],
    commands: Mapping[str, Any] | None = None,
    folders: Mapping[str, Any] | None = None,
    **scripted: Any,
) -> FakeMachine:
    """Return a machine with these sockets of containerd and no other flavour of it.

    It is without systemd if `commands` does not say otherwise.
    """
    absent = dict.fromkeys((each.address for each in flavours.SETTLED), None)
    return FakeMachine(
        sockets={**absent, **sockets},
        folders={flavours.RUNTIME_FOLDERS: None, **(folders or {})},
        commands={SHOW: None, **(commands or {})},
        **scripted,
    )


class ContainerdServer:
    """A containerd on a temporary socket, `address`: it answers what was put into it.

    `machine` is a machine that has just this daemon. `refusals` holds a Refusal for
    each method that is to be refused. It ends with its `with` or its `close`.
    """

    def __init__(
        self, *, images: Iterable[str] = (), containers: Iterable[str] = ()
    ) -> None:
        self.namespaces: dict[str, Labels] = {"default": {}}
        self.refusals: dict[str, Refusal] = {}
        self._found: dict[Any, Any] = {}
        self._lists: dict[str, dict[str, list[Message]]] = {
            client.IMAGES.method: {},
            client.CONTAINERS.method: {},
            client.TASKS.method: {},
        }
        self._leases: dict[str, dict[str, tuple[Lease, list[Resource]]]] = {}
        self._events: queue.SimpleQueue[Envelope | None] = queue.SimpleQueue()
        for name in images:
            self.has_image(name)
        for name in containers:
            self.has_container(name)
        self._folder = TemporaryDirectory(prefix="labrun-")
        self.address = f"{self._folder.name}/containerd.sock"
        self.server = GrpcServer(self.address, self._answer, STREAMS)
        self.machine = machine({DEFAULT_ADDRESS: self.address})

    @property
    def methods(self) -> list[str]:
        """What was asked so far, such as `Images/Get`."""
        return [method.rpartition(".")[2] for method, _ in self.server.calls]

    def has_image(
        self,
        name: str,
        namespace: str = "default",
        digest: str = DIGEST,
        labels: Labels | None = None,
    ) -> None:
        target = Descriptor(media_type="application/json", digest=digest, size=417)
        image = Image(name=name, target=target, labels=labels)
        self._put(client.IMAGE, namespace, (name,), image=image)
        self._list(client.IMAGES, namespace, image)

    def has_container(
        self,
        name: str,
        namespace: str = "default",
        image: str = BUSYBOX,
        labels: Labels | None = None,
    ) -> None:
        container = Container(
            id=name,
            image=image,
            labels=labels,
            runtime=Container.Runtime(name="io.containerd.runc.v2"),
            snapshotter="overlayfs",
            snapshot_key=name,
        )
        self._put(client.CONTAINER, namespace, (name,), container=container)
        self._list(client.CONTAINERS, namespace, container)

    def has_task(
        self,
        name: str,
        status: str | int,
        exit_status: int = 0,
        namespace: str = "default",
        exited_at: float | None = None,
    ) -> None:
        """Put a container with a task; `exited_at` is in seconds since 1970."""
        self.has_container(name, namespace)
        process = Process(
            id=name, pid=4711, status=_enumerated(status), exit_status=exit_status
        )
        if exited_at:
            process.exited_at.FromSeconds(int(exited_at))
        self._put(client.TASK, namespace, (name,), process=process)
        self._list(client.TASKS, namespace, process)

    def has_snapshot(
        self,
        key: str,
        kind: str,
        parent: str = "",
        namespace: str = "default",
        snapshotter: str = "overlayfs",
    ) -> None:
        info = Snapshot(name=key, kind=kind.upper(), parent=parent)
        self._put(client.SNAPSHOT, namespace, (snapshotter, key), info=info)

    def has_content(
        self,
        digest: str,
        size: int,
        namespace: str = "default",
        labels: Labels | None = None,
    ) -> None:
        info = Content(digest=digest, size=size, labels=labels)
        self._put(client.CONTENT, namespace, (digest,), info=info)

    def has_blob(
        self, data: bytes, namespace: str = "default", labels: Labels | None = None
    ) -> str:
        """Put a document into the content store; returns its digest."""
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        self.has_content(digest, len(data), namespace, labels)
        self._found[client.BLOB.method, namespace, (digest,)] = data
        return digest

    def has_lease(
        self,
        name: str,
        namespace: str = "default",
        labels: Labels | None = None,
        holds: Iterable[str] = (),
    ) -> None:
        """Put a lease; `holds` are digests of content."""
        lease = Lease(id=name, created_at=Timestamp(seconds=1), labels=labels)
        resources = [Resource(id=each, type="content") for each in holds]
        self.namespaces.setdefault(namespace, {})
        self._leases.setdefault(namespace, {})[name] = lease, resources

    def happens(self, topic: str, event: Message, namespace: str = "default") -> None:
        """Tell subscribers an event, a message of checks.containerd.proto.events_pb2."""
        packed = Packed(
            type_url=event.DESCRIPTOR.full_name, value=event.SerializeToString()
        )
        self._events.put(Envelope(namespace=namespace, topic=topic, event=packed))

    def close(self) -> None:
        self._events.put(None)
        self.machine.close()
        self._folder.cleanup()
        self.server.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _put(
        self, read: Read[Any, Any], namespace: str, key: Any, **found: Any
    ) -> None:
        self.namespaces.setdefault(namespace, {})
        self._found[read.method, namespace, key] = read.answer(**found)

    def _list(self, read: Read[Any, Any], namespace: str, found: Message) -> None:
        self._lists[read.method].setdefault(namespace, []).append(found)

    def _answer(
        self, method: str, data: bytes, metadata: dict[str, str]
    ) -> bytes | Iterable[bytes]:
        if method in self.refusals:
            raise self.refusals[method]
        if method not in READS:
            raise Unscripted(method)
        request = READS[method].request.FromString(data)
        if method in STREAMS:
            return self._stream(method, request, metadata)
        return self._message(method, request, metadata).SerializeToString()

    def _stream(
        self, method: str, request: Any, metadata: dict[str, str]
    ) -> Iterable[bytes]:
        if method == client.EVENTS.method:
            return self._told()
        namespace = metadata["containerd-namespace"]
        if method == client.BLOB.method:
            return self._blob(namespace, request.digest)
        if method == client.SNAPSHOTS.method:
            infos = [
                found.info
                for (snapshotter, _), found in self._all(client.SNAPSHOT, namespace)
                if snapshotter == request.snapshotter
            ]
        else:
            infos = [
                found.info
                for _, found in self._all(client.CONTENT, namespace)
                if _selects(request.filters, found.info.labels)
            ]
        return [READS[method].answer(info=infos).SerializeToString()]

    def _all(self, read: Read[Any, Any], namespace: str) -> Iterator[tuple[Any, Any]]:
        for (method, place, key), found in self._found.items():
            if (method, place) == (read.method, namespace):
                yield key, found

    def _told(self) -> Iterator[bytes]:
        while event := self._events.get():
            yield event.SerializeToString()

    def _blob(self, namespace: str, digest: str) -> Iterable[bytes]:
        data = self._known(client.BLOB.method, namespace, (digest,))
        halves = (data[:100], data[100:])
        return [client.BLOB.answer(data=half).SerializeToString() for half in halves]

    def _message(self, method: str, request: Any, metadata: dict[str, str]) -> Message:
        if method == client.VERSION.method:
            return client.VERSION.answer(version="1.7.2", revision="0cae528")
        if method == client.NAMESPACES.method:
            known = [Namespace(name=k, labels=v) for k, v in self.namespaces.items()]
            return client.NAMESPACES.answer(namespaces=known)
        namespace = metadata["containerd-namespace"]
        if method == client.LEASES.method:
            return client.LEASES.answer(leases=self._leases_like(namespace, request))
        if method == client.RESOURCES.method:
            resources = self._leases[namespace][request.id][1]
            return client.RESOURCES.answer(resources=resources)
        if method in self._lists:
            answer = READS[method].answer
            (field,) = answer.DESCRIPTOR.fields_by_name
            listed: Message = answer(**{field: self._lists[method].get(namespace, [])})
            return listed
        key = tuple(value for _, value in request.ListFields())
        found: Message = self._known(method, namespace, key)
        return found

    def _known(self, method: str, namespace: str, key: tuple[str, ...]) -> Any:
        if (method, namespace, key) not in self._found:
            raise Refusal("NOT_FOUND", f"{key[-1]}: not found")
        return self._found[method, namespace, key]

    def _leases_like(self, namespace: str, request: Any) -> list[Lease]:
        leases = [lease for lease, _ in self._leases.get(namespace, {}).values()]
        (wanted,) = request.filters or [None]
        return [each for each in leases if wanted in (None, f'id=="{each.id}"')]


def _enumerated(status: str | int) -> Any:
    return status.upper() if isinstance(status, str) else status


def _selects(filters: Iterable[str], labels: Labels) -> bool:
    return not filters or any(
        each == f'labels."{k}"=="{v}"' for each in filters for k, v in labels.items()
    )
