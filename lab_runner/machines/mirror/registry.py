"""The registry that lab machines talk to: HTTP in front of the cache.

It stands in for all registries at once: the name by which it was called says which one is
meant. It only gives, nobody can push to it. (docker-registry as a cache fetches a blob
once for each that asks at the same time, drops it after a week, and knows one upstream.)
"""

from __future__ import annotations

import json
import re
import socketserver
import ssl
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any

from lab_runner.errors import MachineError
from lab_runner.machines.mirror import documents, references, registries
from lab_runner.machines.mirror.cache import Cache
from lab_runner.machines.mirror.references import Reference

PATIENCE = 60.0
ADDRESS = re.compile(
    rf"/v2/(?P<repository>{references.REPOSITORY})/"
    rf"(?:(?P<kind>manifests|blobs)/(?P<digest>{documents.DIGEST.pattern})"
    rf"|manifests/(?P<tag>{references.TAG}))",
    re.ASCII,
)
RANGE = re.compile(r"bytes=(\d+)-(\d*)", re.ASCII)


class Registry(socketserver.ThreadingTCPServer):
    """The distribution specification, as far as pulling goes; with TLS if it is given."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self, address: tuple[str, int], cache: Cache, tls: ssl.SSLContext | None = None
    ) -> None:
        super().__init__(address, Handler)
        self.cache = cache
        self._tls = tls

    def finish_request(self, request: Any, client_address: Any) -> None:
        # In the request's own thread: who is slow to shake hands holds up nobody else.
        request.settimeout(PATIENCE)
        if self._tls:
            request = self._tls.wrap_socket(request, server_side=True)
        with request:
            super().finish_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Log what went wrong, but not that a client hung up."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """One client of the registry."""

    server: Registry
    server_version, sys_version = "labrun", ""
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        found = ADDRESS.fullmatch(path)
        if path in ("/v2", "/v2/"):
            self._begin(HTTPStatus.OK, 2)
            self._send(b"{}")
        elif found is None:
            self._refuse("UNSUPPORTED", "there is nothing here")
        else:
            self._answer(found["kind"] == "blobs", self._image(found))

    def do_PUT(self) -> None:
        """Refuse what would change the registry, without reading what it is."""
        self.close_connection = True
        self._refuse(
            "DENIED", "this registry only gives images", HTTPStatus.METHOD_NOT_ALLOWED
        )

    do_POST = do_PATCH = do_DELETE = do_PUT  # noqa: N815  (http.server's own names)
    do_HEAD = do_GET  # noqa: N815  (likewise)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (likewise)
        """Keep no record of who pulls what."""

    def _image(self, found: re.Match[str]) -> Reference:
        server = self.headers.get("Host", "").partition(":")[0].lower()
        registry = registries.REGISTRIES.get(server, registries.DOCKER_HUB)
        tag, digest = found["tag"] or "", found["digest"] or ""
        return Reference(registry, found["repository"], tag, digest)

    def _answer(self, is_blob: bool, image: Reference) -> None:
        try:
            self._blob(image) if is_blob else self._manifest(image)
        except MachineError as error:
            code = "BLOB_UNKNOWN" if is_blob else "MANIFEST_UNKNOWN"
            self._refuse(code, str(error))

    def _manifest(self, image: Reference) -> None:
        digest, data = self.server.cache.manifest(image)
        kind = documents.read(data).media_type
        self._begin(HTTPStatus.OK, len(data), digest, kind)
        self._send(data)

    def _blob(self, image: Reference) -> None:
        blob = self.server.cache.blob(image)
        size = blob.size()
        start, end, status = 0, size, HTTPStatus.OK
        if asked := RANGE.fullmatch(self.headers.get("Range", "")):
            start, status = int(asked[1]), HTTPStatus.PARTIAL_CONTENT
            end = min(int(asked[2] or size) + 1, size)
        if start >= end:
            self._refuse("SIZE_INVALID", f"{image.digest} ends before that")
            return
        self._begin(
            status, end - start, image.digest, range_=f"{start}-{end - 1}/{size}"
        )
        try:
            for piece in blob.pieces(start, end):
                self._send(piece)
        except MachineError:
            # What has been promised does not come: hang up, so that it is asked for again.
            self.close_connection = True

    def _refuse(
        self, code: str, message: str, status: HTTPStatus = HTTPStatus.NOT_FOUND
    ) -> None:
        data = json.dumps({"errors": [{"code": code, "message": message}]}).encode()
        self._begin(status, len(data))
        self._send(data)

    def _begin(
        self,
        status: HTTPStatus,
        length: int,
        digest: str = "",
        kind: str = "application/json",
        range_: str = "",
    ) -> None:
        self.send_response(status)
        self.send_header("Docker-Distribution-Api-Version", "registry/2.0")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        if digest:
            self.send_header("Docker-Content-Digest", digest)
        if status is HTTPStatus.PARTIAL_CONTENT:
            self.send_header("Content-Range", f"bytes {range_}")
        self.end_headers()

    def _send(self, data: bytes) -> None:
        if self.command != "HEAD":
            self.wfile.write(data)
