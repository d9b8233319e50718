"""A containerd made of dicts behind a real gRPC server, for tests of the kinds."""

from grpc_server import GrpcServer, Refusal

from checks.containerd import client, flavours
from checks.containerd.connect import DEFAULT_ADDRESS
from checks.containerd.proto.containers_pb2 import Container
from checks.containerd.proto.content_pb2 import Info as Content
from checks.containerd.proto.descriptor_pb2 import Descriptor
from checks.containerd.proto.images_pb2 import Image
from checks.containerd.proto.namespaces_pb2 import Namespace
from checks.containerd.proto.process_pb2 import Process, Status
from checks.containerd.proto.snapshots_pb2 import Info as Snapshot
from checks.containerd.proto.snapshots_pb2 import Kind
from checks.host import systemd
from checks.testing import FakeMachine

READS = {
    read.method: read for read in vars(client).values() if isinstance(read, client.Read)
}
SHOW = f"systemctl show --property={systemd.PROPERTIES} -- containerd.service"
BUSYBOX = "docker.io/library/busybox:latest"
DIGEST = "sha256:" + "ab" * 32


def machine(sockets, commands=None):
    """A machine with these sockets of containerd, and without systemd if not scripted."""
    absent = dict.fromkeys((each.address for each in flavours.SETTLED), None)
    return FakeMachine(
        sockets={**absent, **sockets},
        folders={flavours.RUNTIME_FOLDERS: None},
        commands={SHOW: None, **(commands or {})},
    )


class FakeContainerd:
    """Answers what was put into it; `refusals` are by method and come first."""

    def __init__(self, path):
        self.namespaces = {"default": {}}
        self.refusals = {}
        self._found = {}
        self._lists = {client.IMAGES.method: {}, client.CONTAINERS.method: {}}
        self.server = GrpcServer(path, self._answer)
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

    def has_task(self, name, status, exit_status=0, namespace="default"):
        self.has_container(name, namespace)
        number = status if isinstance(status, int) else Status.Value(status.upper())
        process = Process(id=name, pid=4711, status=number, exit_status=exit_status)
        self._put(client.TASK, namespace, (name,), process=process)

    def has_snapshot(self, key, kind, parent="", namespace="default"):
        info = Snapshot(name=key, kind=Kind.Value(kind.upper()), parent=parent)
        self._put(client.SNAPSHOT, namespace, ("overlayfs", key), info=info)

    def has_content(self, digest, size, namespace="default", labels=None):
        info = Content(digest=digest, size=size, labels=labels)
        self._put(client.CONTENT, namespace, (digest,), info=info)

    def close(self):
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
        return self._message(method, request, metadata).SerializeToString()

    def _message(self, method, request, metadata):
        answer = READS[method].answer
        if method == client.VERSION.method:
            return answer(version="1.7.2", revision="0cae528")
        if method == client.NAMESPACES.method:
            known = self.namespaces.items()
            return answer(namespaces=[Namespace(name=k, labels=v) for k, v in known])
        namespace = metadata["containerd-namespace"]
        if method in self._lists:
            (field,) = answer.DESCRIPTOR.fields_by_name
            return answer(**{field: self._lists[method].get(namespace, [])})
        key = tuple(value for _, value in request.ListFields())
        if (method, namespace, key) not in self._found:
            raise Refusal("NOT_FOUND", f"{key[-1]}: not found")
        return self._found[method, namespace, key]
