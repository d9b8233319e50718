"""A gRPC server in this process: it records every call and answers it by a function."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from checks.doors.rpc import grpc  # type: ignore[attr-defined]  # has its settings
from checks.testing.machine import Unscripted

Answer = Callable[[str, bytes, dict[str, str]], "bytes | Iterable[bytes]"]


class Refusal(Exception):
    """The status in place of an answer: `Refusal("NOT_FOUND", "no such image")`."""

    def __init__(self, status: str, details: str = "") -> None:
        self.status = grpc.StatusCode[status]
        self.details = details


class GrpcServer(grpc.GenericRpcHandler):  # type: ignore[misc]  # grpc has no types
    """Serves every method on a unix socket as bytes in, bytes out.

    `answer` takes the method as package.Service/Method, the request and the metadata;
    for one of the methods `streams` it returns several answers. `calls` has the method
    and the metadata of each call. What `answer` raises, other than Refusal, is raised
    again by `close`.
    """

    def __init__(
        self, path: str | Path, answer: Answer, streams: Container[str] = ()
    ) -> None:
        self.path = str(path)
        self.streams = streams
        self.answer = answer
        self.calls: list[tuple[str, dict[str, str]]] = []
        self._failures: list[BaseException] = []
        self._server = grpc.server(
            ThreadPoolExecutor(max_workers=4),
            handlers=(self,),
            options=[("grpc.max_send_message_length", -1)],
        )
        self._server.add_insecure_port(f"unix:{self.path}")
        self._server.start()

    def service(self, details: Any) -> Any:
        """Return how one call is handled, as gRPC asks it."""
        method = details.method.removeprefix("/")
        metadata = {pair.key: pair.value for pair in details.invocation_metadata}

        def handle(request: bytes, context: Any) -> Any:
            self.calls.append((method, metadata))
            try:
                return self.answer(method, request, metadata)
            except Refusal as refusal:
                context.abort(refusal.status, refusal.details)
            except (Exception, Unscripted) as error:  # noqa: BLE001  (close raises it)
                self._failures.append(error)
                context.abort(grpc.StatusCode.INTERNAL, repr(error))

        def handle_stream(request: bytes, context: Any) -> Iterator[bytes]:
            yield from handle(request, context)

        if method in self.streams:
            return grpc.unary_stream_rpc_method_handler(handle_stream)
        return grpc.unary_unary_rpc_method_handler(handle)

    def close(self) -> None:
        self._server.stop(None).wait()
        for failure in self._failures:
            raise failure
