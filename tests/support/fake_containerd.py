"""A containerd made of dicts behind a real gRPC server, for tests of the kinds."""

import hashlib
import queue

from google.protobuf.any_pb2 import Any
from google.protobuf.timestamp_pb2 import Timestamp
from grpc_server import GrpcServer, Refusal

from checks.containerd import client, flavours
from checks.containerd.connect import DEFAULT_ADDRESS
from checks.containerd.proto.containers_pb2 import Container
from checks.containerd.proto.content_pb2 import Info as Content
from checks.containerd.proto.descriptor_pb2 import Descriptor
from checks.containerd.proto.images_pb2 import Image
from checks.containerd.proto.leases_pb2 import Lease, Resource
from checks.containerd.proto.namespaces_pb2 import Namespace
from checks.containerd.proto.process_pb2 import Process, Status
from checks.containerd.proto.snapshots_pb2 import Info as Snapshot
from checks.containerd.proto.snapshots_pb2 import Kind
from checks.containerd.proto.subscription_pb2 import Envelope
from checks.host import systemd
from checks.testing import FakeMachine

READS = {
    read.method: read for read in vars(client).values() if isinstance(read, client.Read)
}
SHOW = f"systemctl show --property={systemd.PROPERTIES} -- containerd.service"
BUSYBOX = "docker.io/library/busybox:latest"
STREAMS = {read.method for read in (client.CONTENTS, client.BLOB, client.EVENTS)}
DIGEST = "sha256:" + "ab" * 32


def machine(sockets, commands=None, folders=None, **scripted):
    """A machine with these sockets of containerd, and without systemd if not scripted."""
    absent = dict.fromkeys((each.address for each in flavours.SETTLED), None)
    return FakeMachine(
        sockets={**absent, **sockets},
        folders={flavours.RUNTIME_FOLDERS: None, **(folders or {})},
        commands={SHOW: None, **(commands or {})},
        **scripted,
    )


class FakeContainerd:
    """Answers what was put into it; `refusals` are by method and come first."""

    def __init__(self, path):
        self.namespaces = {"default": {}}
        self.refusals = {}
        self._found = {}
        self._lists = {client.IMAGES.method: {}, client.CONTAINERS.method: {}}
        self._leases = {}
        self._events = queue.SimpleQueue()
        self.server = GrpcServer(path, self._answer, STREAMS)
        self.machine = machine({DEFAULT_ADDRESS: str(path)})

    @property
    def methods(self):
        return [method.rpartition(".")[2] for method, _ in self.server.calls]

    def has_image(self, name, namespace="default", digest=DIGEST, labels=None):
        target = Descriptor(media_type="application/json", digest=digest, size=417)
        image = Image(name=name, target=target, labels=labels)
        self._put(client.IMAGE, namespace, (name,), image=image)
        self._list(client.IMAGES, namespace, image)

    def has_container(self, name, namespace="default", image=BUSYBOX, labels=None):
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
        self, name, status, exit_status=0, namespace="default", exited_at=None
    ):
        self.has_container(name, namespace)
        number = status if isinstance(status, int) else Status.Value(status.upper())
        process = Process(id=name, pid=4711, status=number, exit_status=exit_status)
        if exited_at:
            process.exited_at.FromSeconds(int(exited_at))
        self._put(client.TASK, namespace, (name,), process=process)

    def has_snapshot(
        self, key, kind, parent="", namespace="default", snapshotter="overlayfs"
    ):
        info = Snapshot(name=key, kind=Kind.Value(kind.upper()), parent=parent)
        self._put(client.SNAPSHOT, namespace, (snapshotter, key), info=info)

    def has_content(self, digest, size, namespace="default", labels=None):
        info = Content(digest=digest, size=size, labels=labels)
        self._put(client.CONTENT, namespace, (digest,), info=info)

    def has_blob(self, data, namespace="default", labels=None):
        """Put a document into the content store; returns its digest."""
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        self.has_content(digest, len(data), namespace, labels)
        self._found[client.BLOB.method, namespace, (digest,)] = data
        return digest

    def has_lease(self, name, namespace="default", labels=None, holds=()):
        lease = Lease(id=name, created_at=Timestamp(seconds=1), labels=labels)
        resources = [Resource(id=each, type="content") for each in holds]
        self.namespaces.setdefault(namespace, {})
        self._leases.setdefault(namespace, {})[name] = lease, resources

    def happens(self, topic, event, namespace="default"):
        """Tell subscribers an event, a message of checks.containerd.proto.events_pb2."""
        packed = Any(
            type_url=event.DESCRIPTOR.full_name, value=event.SerializeToString()
        )
        self._events.put(Envelope(namespace=namespace, topic=topic, event=packed))

    def close(self):
        self._events.put(None)
        self.machine.close()
        self.server.close()

    def _put(self, read, namespace, key, **found):
        self.namespaces.setdefault(namespace, {})
        self._found[read.method, namespace, key] = read.answer(**found)

    def _list(self, read, namespace, found):
        self._lists[read.method].setdefault(namespace, []).append(found)

    def _answer(self, method, data, metadata):
        if method in self.refusals:
            raise self.refusals[method]
        request = READS[method].request.FromString(data)
        if method in STREAMS:
            return self._stream(method, request, metadata)
        return self._message(method, request, metadata).SerializeToString()

    def _stream(self, method, request, metadata):
        if method == client.EVENTS.method:
            return (each.SerializeToString() for each in iter(self._events.get, None))
        namespace = metadata["containerd-namespace"]
        answer = READS[method].answer
        if method == client.BLOB.method:
            key = (method, namespace, (request.digest,))
            if key not in self._found:
                raise Refusal("NOT_FOUND", f"{request.digest}: not found")
            data = self._found[key]
            halves = (data[:100], data[100:])
            return [answer(data=half).SerializeToString() for half in halves]
        infos = [
            found.info
            for (read, place, _), found in self._found.items()
            if (read, place) == (client.CONTENT.method, namespace)
            and _selects(request.filters, found.info.labels)
        ]
        return [answer(info=infos).SerializeToString()]

    def _message(self, method, request, metadata):
        answer = READS[method].answer
        if method == client.VERSION.method:
            return answer(version="1.7.2", revision="0cae528")
        if method == client.NAMESPACES.method:
            known = self.namespaces.items()
            return answer(namespaces=[Namespace(name=k, labels=v) for k, v in known])
        namespace = metadata["containerd-namespace"]
        if method in (client.LEASES.method, client.RESOURCES.method):
            return self._lease(request, answer, self._leases.get(namespace, {}))
        if method in self._lists:
            (field,) = answer.DESCRIPTOR.fields_by_name
            return answer(**{field: self._lists[method].get(namespace, [])})
        key = tuple(value for _, value in request.ListFields())
        if (method, namespace, key) not in self._found:
            raise Refusal("NOT_FOUND", f"{key[-1]}: not found")
        return self._found[method, namespace, key]

    def _lease(self, request, answer, known):
        if answer is client.RESOURCES.answer:
            return answer(resources=known[request.id][1])
        (wanted,) = request.filters or [None]
        leases = [lease for lease, _ in known.values()]
        named = [each for each in leases if wanted in (None, f'id=="{each.id}"')]
        return answer(leases=named)


def _selects(filters, labels):
    return any(
        each == f'labels."{k}"=="{v}"' for each in filters for k, v in labels.items()
    )
