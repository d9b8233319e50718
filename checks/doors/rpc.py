"""The rpc door: daemons asked over gRPC on a unix socket, and never told anything.

A method that is not in READS does not reach the wire. The channel to a socket is kept
with its machine, so all checks of a step share one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from google.protobuf.message import DecodeError, Message

from checks.doors import dial
from checks.doors.machine import Machine, SocketPath
from checks.errors import CheckError, NotPermitted, TimedOut, UnknownMethod

# Asked for by gRPC when it is imported. Its log quotes the daemon and stays off the
# terminal; its fork handlers would run threads, and print, in every program started.
GRPC_SETTINGS = {"GRPC_VERBOSITY": "NONE", "GRPC_ENABLE_FORK_SUPPORT": "0"}


@contextmanager
def _settings() -> Iterator[None]:
    """Have GRPC_SETTINGS in the environment where the user has not set them."""
    added = GRPC_SETTINGS.keys() - os.environ.keys()
    os.environ.update({name: GRPC_SETTINGS[name] for name in added})
    try:
        yield
    finally:
        for name in added:
            del os.environ[name]


with _settings():
    import grpc

Request = TypeVar("Request", bound=Message)
Answer = TypeVar("Answer", bound=Message)
Metadata = tuple[tuple[str, str], ...]

READS = frozenset(
    (
        "containerd.services.version.v1.Version/Version",
        "containerd.services.namespaces.v1.Namespaces/List",
        "containerd.services.images.v1.Images/Get",
        "containerd.services.images.v1.Images/List",
        "containerd.services.containers.v1.Containers/Get",
        "containerd.services.containers.v1.Containers/List",
        "containerd.services.tasks.v1.Tasks/Get",
        "containerd.services.tasks.v1.Tasks/List",
        "containerd.services.snapshots.v1.Snapshots/Stat",
        "containerd.services.snapshots.v1.Snapshots/List",
        "containerd.services.content.v1.Content/Info",
        "containerd.services.content.v1.Content/List",
        "containerd.services.content.v1.Content/Read",
        "containerd.services.leases.v1.Leases/List",
        "containerd.services.leases.v1.Leases/ListResources",
        "containerd.services.events.v1.Events/Subscribe",
        "runtime.v1.RuntimeService/Version",
        "runtime.v1.RuntimeService/Status",
        "runtime.v1.RuntimeService/ListPodSandbox",
        "runtime.v1.RuntimeService/PodSandboxStatus",
        "runtime.v1.RuntimeService/ListContainers",
        "runtime.v1.RuntimeService/ContainerStatus",
        "runtime.v1.ImageService/ImageStatus",
        "runtime.v1.ImageService/ListImages",
    )
)
OPTIONS = (
    ("grpc.max_receive_message_length", 16 << 20),  # the most containerd ever sends
    # Connections are shared by address, and /proc/self/fd/N is soon another socket.
    ("grpc.use_local_subchannel_pool", 1),
)
DETAILS_LIMIT = 300
# gRPC names the path that it dialled, which is no path of the machine.
DIALLED = re.compile(r"unix:\S+: ")


class NotFound(CheckError):
    """The daemon answered that it has no such object."""


class Unavailable(CheckError):
    """The daemon broke off, or says that it cannot answer now."""


@dataclass(frozen=True, slots=True)
class Read(Generic[Request, Answer]):
    """A method as `package.Service/Method`, and the messages that belong to it."""

    method: str
    request: type[Request]
    answer: type[Answer]


class Channel:
    """A gRPC channel and the held socket that it dials."""

    def __init__(self, held: SocketPath) -> None:
        self._held = held
        self._channel = grpc.insecure_channel(f"unix:{held.path}", OPTIONS)

    def call(
        self, method: str, request: bytes, timeout: float, metadata: Metadata
    ) -> bytes:
        ask = self._channel.unary_unary(f"/{method}")
        answer: bytes = ask(request, timeout=timeout, metadata=metadata)
        return answer

    def stream(
        self, method: str, request: bytes, timeout: float | None, metadata: Metadata
    ) -> grpc.Call:
        ask = self._channel.unary_stream(f"/{method}")
        return ask(request, timeout=timeout, metadata=metadata)

    def close(self) -> None:
        self._channel.close()
        self._held.close()


@dataclass(frozen=True, slots=True)
class Daemon:
    """What answers at a unix socket of a machine; `unit` is the service behind it.

    `systemctl` is the command for that service, with `--user` for a user's own.
    """

    machine: Machine
    address: str
    unit: str
    systemctl: str = "systemctl"

    def ask(
        self, read: Read[Request, Answer], request: Request, metadata: Metadata = ()
    ) -> Answer:
        """Call a method of READS and return its answer.

        Raises NotFound, NotPermitted, TimedOut, NothingListens when that is certain,
        and CheckError for every other reason not to know.
        """
        _require_read(read.method)
        data = request.SerializeToString()
        try:
            found = self._call(read.method, data, metadata)
        except Unavailable:
            # The kept channel dials the socket of a daemon that may have restarted.
            self.machine.forget(self._key)
            found = self._call(read.method, data, metadata)
        return self._decoded(read, found)

    def listen(
        self,
        read: Read[Request, Answer],
        request: Request,
        metadata: Metadata = (),
        *,
        forever: bool = False,
    ) -> Iterator[Answer]:
        """Begin a method of READS that answers more than once; raises as `ask` does.

        The call ends with the iterator, or with the time that is left for the check;
        one that is to last `forever` ends with the machine's connections.
        """
        _require_read(read.method)
        data = request.SerializeToString()
        timeout = None if forever else self.machine.remaining()
        channel = self.machine.keep(self._key, self._dial)
        call = channel.stream(read.method, data, timeout, metadata)
        return self._answers(read, call)

    def _answers(
        self, read: Read[Request, Answer], call: grpc.Call
    ) -> Iterator[Answer]:
        try:
            for each in call:
                yield self._decoded(read, each)
        except grpc.RpcError as error:
            raise self._reason(read.method, error) from None
        finally:
            call.cancel()

    def _decoded(self, read: Read[Request, Answer], data: bytes) -> Answer:
        try:
            return read.answer.FromString(data)
        except DecodeError:
            raise CheckError(f"{self._name} sent what is no answer") from None

    @property
    def _key(self) -> Hashable:
        return ("rpc", self.address)

    @property
    def _name(self) -> str:
        return f"{self.unit} at `{self.address}`"

    def _call(self, method: str, data: bytes, metadata: Metadata) -> bytes:
        channel = self.machine.keep(self._key, self._dial)
        try:
            return channel.call(method, data, self.machine.remaining(), metadata)
        except grpc.RpcError as error:
            raise self._reason(method, error) from None

    def _dial(self) -> Channel:
        # gRPC would give the reason of a failure to connect only in prose.
        remedy = f"{self.systemctl} start {self.unit}"
        return Channel(dial.reach(self.machine, self.address, remedy))

    def _reason(self, method: str, error: grpc.RpcError) -> CheckError:
        details = DIALLED.sub("", error.details() or "")[:DETAILS_LIMIT]
        status = f"{self.systemctl} status {self.unit}"
        match error.code():
            case grpc.StatusCode.NOT_FOUND:
                return NotFound(f"{self._name} has not found it: {details}")
            case grpc.StatusCode.UNAVAILABLE:
                return Unavailable(f"{self._name} broke off: {details}", status)
            case grpc.StatusCode.DEADLINE_EXCEEDED:
                return TimedOut(f"{self._name} did not answer in time", status)
            case grpc.StatusCode.PERMISSION_DENIED | grpc.StatusCode.UNAUTHENTICATED:
                return NotPermitted(
                    f"{self._name} refused: {details}", "run with `sudo`"
                )
            case grpc.StatusCode.UNIMPLEMENTED:
                return UnknownMethod(
                    f"what answers at `{self.address}` does not know `{method}`",
                    f"`address` must be the socket of {self.unit} 1.0 or later",
                )
        return CheckError(f"{self._name} answered with an error: {details}")


def _require_read(method: str) -> None:
    if method not in READS:
        raise NotPermitted(f"`{method}` is not a read, and checks only read")
