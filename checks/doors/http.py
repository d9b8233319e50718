"""The HTTP door: GET from a server behind a unix socket, bounded in time and size."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING, Any

from checks.doors.dial import reach
from checks.doors.machine import Machine
from checks.errors import CheckError, TimedOut

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BODY_LIMIT = 8 << 20


@dataclass(frozen=True, slots=True)
class Reply:
    """A server's answer: status code and body."""

    status: int
    body: bytes

    def json(self) -> Any:
        """Decode the body; raises CheckError when it is not JSON."""
        return _decoded(self.body)

    def json_lines(self) -> list[Any]:
        """Decode a body of one JSON document a line; raises CheckError likewise."""
        return [_decoded(line) for line in self.body.splitlines()]


class Stream(socket.socket):
    """A unix stream socket whose reads together do not outlast one deadline."""

    def __init__(self) -> None:
        super().__init__(socket.AF_UNIX, socket.SOCK_STREAM)
        self._end = 0.0

    def allow(self, seconds: float) -> None:
        """Set how long everything up to the next `allow` may take together."""
        self._end = time.monotonic() + seconds
        self.settimeout(seconds)

    def recv_into(
        self, buffer: WriteableBuffer, nbytes: int = 0, flags: int = 0
    ) -> int:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.settimeout(left)
        return super().recv_into(buffer, nbytes, flags)


class Server:
    """A server on a machine; it can be asked to GET and nothing else.

    The connection is kept between requests. `dial` makes it, and makes it anew after
    the server has closed it or an exchange went wrong.
    """

    def __init__(self, machine: Machine, dial: Callable[[], Stream]) -> None:
        self._machine = machine
        self._http = _Connection(dial)

    def get(self, target: str) -> Reply:
        """Ask for a path with its query, both already quoted.

        Raises what `dial` raises, TimedOut, or CheckError for a malformed answer.
        """
        kept = self._http.sock is not None
        with _told():
            try:
                return self._exchange(target)
            except ConnectionError:
                if not kept:
                    raise
            return self._exchange(target)

    def close(self) -> None:
        self._http.close()

    def _exchange(self, target: str) -> Reply:
        try:
            return self._ask(target)
        except BaseException:
            self._http.close()
            raise

    def _ask(self, target: str) -> Reply:
        if self._http.sock is None:
            self._http.connect()
        self._http.sock.allow(self._machine.remaining())
        self._http.request("GET", target)
        response = self._http.getresponse()
        body = response.read(BODY_LIMIT + 1)
        if len(body) > BODY_LIMIT or response.length:
            raise HTTPException("it is too long or cut short")
        return Reply(response.status, body)


class _Connection(HTTPConnection):
    """An HTTP connection over what `dial` returns, never over TCP."""

    sock: Stream

    def __init__(self, dial: Callable[[], Stream]) -> None:
        super().__init__("localhost")
        self._dial = dial

    def connect(self) -> None:
        self.sock = self._dial()


def dial(machine: Machine, path: str, remedy: str) -> Stream:
    """Connect to a unix socket of the machine; raises what `reach` raises."""
    with closing(reach(machine, path, remedy)) as held:
        stream = Stream()
        stream.allow(machine.remaining())
        stream.connect(held.path)
    return stream


def _decoded(document: bytes) -> Any:
    try:
        return json.loads(document)
    except (ValueError, RecursionError) as error:
        raise CheckError(f"the server's answer is not JSON: {error}") from None


@contextmanager
def _told() -> Iterator[None]:
    """Turn what goes wrong in an exchange into a CheckError."""
    try:
        yield
    except TimeoutError:
        raise TimedOut("the server did not answer in the time allowed") from None
    except (OSError, HTTPException) as error:
        reason = str(error) or type(error).__name__
        raise CheckError(f"the server did not answer properly: {reason}") from None
