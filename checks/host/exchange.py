"""One HTTP request as the machine itself makes it, with nothing of labrun's there.

TCP is dialled by a bash of the machine, so that its own network, names and certificates
decide; TLS is spoken by its curl. A unix socket is dialled through the HTTP door.
"""

from __future__ import annotations

from base64 import b64decode
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage, HTTPResponse
from io import BytesIO
from typing import Any
from urllib.parse import SplitResult, urlsplit

from checks.doors import http, process
from checks.doors.dial import NothingListens
from checks.doors.machine import Machine
from checks.errors import TimedOut
from checks.host.wording import excerpt, last_line

LIMIT = 512 << 10
DIAL = 'exec 3<>"/dev/tcp/$1/$2" || exit 7; '
KEEP = f"| head -c {LIMIT} | base64"
PLAIN = DIAL + f'printf %s "$3" >&3; cat <&3 {KEEP}'
# curl's own exit code goes the way of its messages: the pipe has another.
SECURE = DIAL + 'exec 3>&-; shift 2; { curl "$@"; echo "exit $?" >&2; } ' + KEEP
OPTIONS = "--disable --silent --show-error --include --raw --http1.1 --noproxy *"
PORTS = {"http": 80, "https": 443}
UNREACHED, NO_CURL = 7, "exit 127"
SILENCE = "the server hangs up without a word"
NO_TLS = "wrong version number"  # OpenSSL's way to say that what came is not TLS
TLS_ALERT = b"\x15\x03"


class Unanswered(Exception):
    """The machine gets no answer there, for a reason that is seen for certain."""

    def __init__(self, reason: str, *, refused: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.refused = refused


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered; the body is `cut` after LIMIT bytes of answer."""

    url: str
    status: int
    reason: str
    headers: HTTPMessage
    body: bytes
    cut: bool


def get(machine: Machine, url: str, *, verify: bool, socket: str = "") -> Answer:
    """GET a URL once; raises Unanswered, or a CheckError where that cannot be told."""
    parts = urlsplit(url)
    try:
        if socket:
            data = _over_socket(machine, parts, socket)
        elif parts.scheme == "https":
            data = _over_tls(machine, parts, url, verify=verify)
        else:
            data = _over_tcp(machine, parts)
    except TimedOut:
        raise TimedOut(
            f"`{excerpt(url)}` did not answer in the time allowed",
            "give the check more time with `timeout:`",
        ) from None
    return _parse(url, data)


def place(parts: SplitResult) -> tuple[str, int]:
    return parts.hostname or "", parts.port or PORTS[parts.scheme]


def _request(parts: SplitResult) -> str:
    path = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
    path = path if path.startswith("/") else f"/{path}"
    return (
        f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nUser-Agent: labrun\r\n"
        "Accept: */*\r\nConnection: close\r\n\r\n"
    )


def _over_tcp(machine: Machine, parts: SplitResult) -> bytes:
    host, port = place(parts)
    argv = ["bash", "-c", PLAIN, "bash", host, str(port), _request(parts)]
    return _ran(machine, argv)


def _over_tls(machine: Machine, parts: SplitResult, url: str, *, verify: bool) -> bytes:
    host, port = place(parts)
    trust = [] if verify else ["--insecure"]
    options = [*OPTIONS.split(), *trust, "--url", url]
    argv = ["bash", "-c", SECURE, "bash", host, str(port), *options]
    return _ran(machine, argv)


def _over_socket(machine: Machine, parts: SplitResult, socket: str) -> bytes:
    try:
        stream = http.dial(machine, socket, "")
    except NothingListens as error:
        raise Unanswered(error.message, refused=True) from None
    with closing(stream):
        stream.allow(machine.remaining())
        try:
            stream.sendall(_request(parts).encode())
            return _drained(stream)
        except TimeoutError:
            raise TimedOut("it was too slow") from None
        except OSError as error:
            raise Unanswered(f"the connection broke: {error.strerror}") from None


def _drained(stream: http.Stream) -> bytes:
    data, buffer = bytearray(), bytearray(1 << 16)
    while len(data) < LIMIT and (size := stream.recv_into(buffer)):
        data += buffer[:size]
    if not data:
        raise Unanswered(SILENCE)
    return bytes(data)


def _ran(machine: Machine, argv: list[str]) -> bytes:
    result = machine.run(argv)
    said = result.stderr
    if result.exit == UNREACHED:
        raise Unanswered(_why(said), refused="refused" in said)
    if said.rstrip().endswith(NO_CURL):
        raise process.missing("curl")
    data = b64decode(result.stdout)
    if not data:
        raise Unanswered(_curls_reason(said) or SILENCE)
    return data


def _curls_reason(said: str) -> str:
    """Return the reason of `curl: (60) SSL certificate problem: …`."""
    if NO_TLS in said:
        return "what answers does not speak TLS, so ask it with `http://`"
    lines = [line for line in said.splitlines() if line.startswith("curl: ")]
    return excerpt(lines[0].partition(") ")[2]) if lines else ""


def _why(said: str) -> str:
    """Return the reason of `bash: connect: Connection refused` or `bash: HOST: …`."""
    lines = [line for line in said.splitlines() if ": " in line]
    return excerpt(lines[0].rpartition(": ")[2]) if lines else last_line(said)


class _Held:
    """The part of a socket that HTTPResponse asks for, over bytes already here."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, *_: Any) -> BytesIO:
        return BytesIO(self._data)


def _parse(url: str, data: bytes) -> Answer:
    cut = len(data) >= LIMIT
    response = HTTPResponse(_Held(data), method="GET")  # type: ignore[arg-type]  # makefile is all it uses
    try:
        response.begin()
        body = b"" if cut else response.read()
    except HTTPException:
        raise Unanswered(_other_protocol(data)) from None
    return Answer(url, response.status, response.reason, response.headers, body, cut)


def _other_protocol(data: bytes) -> str:
    if data.startswith(TLS_ALERT):
        return "what answers speaks TLS, so ask it with `https://`"
    if not data.startswith(b"HTTP/"):
        said = excerpt(data[:200].decode(errors="replace"))
        return f"what answers does not speak HTTP, it says `{said}`"
    return "the answer is cut short"
