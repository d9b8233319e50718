import socket
import threading
import time
from contextlib import suppress

import pytest

from checks.doors import http
from checks.doors.dial import NothingListens
from checks.errors import CheckError, NotPermitted, TimedOut
from checks.testing import FakeMachine

HEAD = b"HTTP/1.1 200 OK\r\n"
OK = HEAD + b'Content-Length: 8\r\n\r\n{"a": 1}'


@pytest.fixture
def serve(tmp_path):
    """Serve each connection by a function of a test; returns the dialled server."""
    path = str(tmp_path / "s.sock")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()
    machine = FakeMachine(sockets={"/s.sock": path})

    def accept(behave):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                if connection.recv(65536):  # nothing comes from who only knocked
                    behave(connection)

    def start(behave):
        threading.Thread(target=accept, args=[behave], daemon=True).start()
        server = http.Server(machine, lambda: http.dial(machine, "/s.sock", "start it"))
        machine.keep("server", lambda: server)
        return server

    start.machine = machine
    yield start
    machine.close()
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def test_an_answer_is_status_and_json(serve):
    reply = serve(lambda c: c.sendall(OK)).get("/x")
    assert reply.status == 200
    assert reply.json() == {"a": 1}


def test_only_get_is_sent(serve):
    sent = []

    def behave(connection):
        connection.sendall(OK)
        sent.append(connection.recv(65536))

    server = serve(behave)
    server.get("/first")
    server.get("/second?x=1")
    assert sent[0].startswith(b"GET /second?x=1 HTTP/1.1\r\n")
    assert [name for name in dir(server) if not name.startswith("_")] == [
        "close",
        "get",
    ]


def test_a_connection_that_the_server_closed_is_dialled_anew(serve):
    server = serve(lambda c: c.sendall(OK))
    assert server.get("/x").json() == {"a": 1}
    assert server.get("/x").json() == {"a": 1}


def test_a_chunked_answer_is_put_together(serve):
    chunks = b'Transfer-Encoding: chunked\r\n\r\n4\r\n{"a"\r\n4\r\n: 1}\r\n0\r\n\r\n'
    assert serve(lambda c: c.sendall(HEAD + chunks)).get("/x").json() == {"a": 1}


def test_a_server_that_trickles_does_not_outlast_the_deadline(serve):
    def trickle(connection):
        connection.sendall(HEAD + b"Content-Length: 1000000\r\n\r\n")
        with suppress(OSError):
            while True:
                connection.sendall(b" ")
                time.sleep(0.02)

    server = serve(trickle)
    serve.machine.allow(0.3)
    began = time.monotonic()
    with pytest.raises(TimedOut):
        server.get("/x")
    assert time.monotonic() - began < 2


def test_a_server_that_says_nothing_times_out(serve):
    server = serve(lambda c: time.sleep(1))
    serve.machine.allow(0.1)
    with pytest.raises(TimedOut):
        server.get("/x")


def test_a_late_answer_is_not_taken_for_the_next_one(serve):
    answers = iter([b"late", b"next"])

    def behave(connection):
        body = next(answers)
        if body == b"late":
            time.sleep(0.3)
        head = HEAD + b"Content-Length: 4\r\n\r\n"
        with suppress(OSError):
            connection.sendall(head + body)

    server = serve(behave)
    serve.machine.allow(0.1)
    with pytest.raises(TimedOut):
        server.get("/first")
    serve.machine.allow(5)
    assert server.get("/second").body == b"next"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 " + b"O" * 70000,
    ],
)
def test_a_malformed_answer_is_an_error(serve, answer):
    with pytest.raises(CheckError, match="did not answer properly"):
        serve(lambda c: c.sendall(answer)).get("/x")


def test_an_answer_without_an_end_is_not_kept_in_memory(serve):
    def flood(connection):
        connection.sendall(HEAD + b"\r\n")
        with suppress(OSError):
            while True:
                connection.sendall(b"x" * 65536)

    with pytest.raises(CheckError, match="too long"):
        serve(flood).get("/x")


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff", b"[" * 100_000, b'{"a":'])
def test_a_body_that_is_not_json_is_an_error(body):
    with pytest.raises(CheckError, match="not JSON"):
        http.Reply(200, body).json()


def test_a_target_that_would_smuggle_a_second_request_is_refused(serve):
    server = serve(lambda c: c.sendall(OK))
    with pytest.raises(CheckError):
        server.get("/x HTTP/1.1\r\nHost: y\r\n\r\nDELETE /x")


def test_an_absent_socket_is_told_with_its_remedy():
    machine = FakeMachine(sockets={"/s.sock": None})
    with pytest.raises(NothingListens, match=r"there is no socket `/s.sock`") as error:
        http.dial(machine, "/s.sock", "start it")
    assert error.value.remedy == "start it"


def test_a_socket_that_may_not_be_dialled_is_told():
    machine = FakeMachine(
        sockets={"/s.sock": NotPermitted("`/s.sock` may not be read")}
    )
    with pytest.raises(NotPermitted):
        http.dial(machine, "/s.sock", "start it")
