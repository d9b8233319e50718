"""A gRPC server in this process: it records every call and answers it by a function."""

from concurrent.futures import ThreadPoolExecutor

import grpc


class Refusal(Exception):
    """The status in place of an answer: `Refusal("NOT_FOUND", "no such image")`."""

    def __init__(self, status, details=""):
        self.status = grpc.StatusCode[status]
        self.details = details


class GrpcServer(grpc.GenericRpcHandler):
    """Serves every method on a unix socket as bytes in, bytes out.

    `answer` takes the method as package.Service/Method, the request and the metadata;
    for one of the methods `streams` it returns several answers.
    """

    def __init__(self, path, answer, streams=()):
        self.path = str(path)
        self.streams = streams
        self.answer = answer
        self.calls = []
        self._server = grpc.server(
            ThreadPoolExecutor(max_workers=4),
            handlers=(self,),
            options=[("grpc.max_send_message_length", -1)],
        )
        self._server.add_insecure_port(f"unix:{self.path}")
        self._server.start()

    def service(self, details):
        method = details.method.removeprefix("/")
        metadata = {pair.key: pair.value for pair in details.invocation_metadata}

        def handle(request, context):
            self.calls.append((method, metadata))
            try:
                return self.answer(method, request, metadata)
            except Refusal as refusal:
                context.abort(refusal.status, refusal.details)

        def handle_stream(request, context):
            yield from handle(request, context)

        if method in self.streams:
            return grpc.unary_stream_rpc_method_handler(handle_stream)
        return grpc.unary_unary_rpc_method_handler(handle)

    def close(self):
        self._server.stop(None).wait()
