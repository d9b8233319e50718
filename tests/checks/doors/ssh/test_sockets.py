"""Unix sockets over there, dialled from here."""

import socket
import threading
import time

import pytest
from ssh_doors import door_to, outcome

from checks.doors import dial
from checks.doors.dial import NothingListens
from checks.errors import CheckError, NotPermitted, ToolMissing

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("ssh")]


@pytest.fixture
def listening(sshd):
    """A server that answers each connection with what it was sent, in upper case."""
    path = sshd.folder / f"s{time.monotonic_ns()}"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen(8)
        path.chmod(0o600)

        def serve():
            while True:
                try:
                    taken, _ = server.accept()
                except OSError:
                    return
                with taken:
                    while data := taken.recv(1 << 16):
                        taken.sendall(data.upper())

        threading.Thread(target=serve, daemon=True).start()
        yield str(path)
        server.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("user", ["root", "admin"])
def test_a_socket_over_there_is_dialled_from_here(sshd, listening, user):
    with door_to(sshd.url(user)) as door:
        held = dial.reach(door, listening, "")
        with socket.socket(socket.AF_UNIX) as stream:
            stream.settimeout(10)
            stream.connect(held.path)
            for _ in range(3):
                stream.sendall(b"hello" * 1000)
                assert _receive(stream, 5000) == b"HELLO" * 1000


@pytest.mark.parametrize("user", ["root", "admin"])
def test_the_end_of_a_connection_is_passed_on(sshd, listening, user):
    with door_to(sshd.url(user)) as door, socket.socket(socket.AF_UNIX) as stream:
        stream.settimeout(10)
        stream.connect(dial.reach(door, listening, "").path)
        stream.sendall(b"last")
        stream.shutdown(socket.SHUT_WR)

        assert _receive(stream, 100) == b"LAST"


@pytest.mark.parametrize("user", ["root", "admin", "plain"])
def test_why_a_socket_cannot_be_dialled_is_told_apart(sshd, things, listening, user):
    (things / "socket").chmod(0o666)
    with door_to(sshd.url(user)) as door:
        assert outcome(lambda: dial.reach(door, f"{things}/nothing", "start it")) == (
            NothingListens,
            f"there is no socket `{things}/nothing`",
            "start it",
        )
        assert outcome(lambda: dial.reach(door, f"{things}/socket", "start it")) == (
            NothingListens,
            f"nothing listens on `{things}/socket`",
            "start it",
        )
        assert outcome(lambda: dial.reach(door, f"{things}/file", "")) == (
            CheckError,
            f"`{things}/file` is a file, not a socket",
            "",
        )
        if user == "plain":
            assert outcome(lambda: dial.reach(door, listening, ""))[:2] == (
                NotPermitted,
                f"`{listening}` may not be dialled",
            )


def test_without_a_program_that_dials_a_refusal_proves_nothing(sshd, things):
    with door_to(sshd.url()) as door:
        door._connection.shell.dialler = ""
        held = dial.reach(door, f"{things}/socket", "")
        with socket.socket(socket.AF_UNIX) as stream:
            stream.connect(held.path)
            assert stream.recv(1) == b""


def test_without_a_program_that_dials_sudo_cannot_reach_a_socket(sshd, listening):
    with door_to(sshd.url("admin")) as door:
        door._connection.shell.dialler = ""
        with pytest.raises(ToolMissing, match="nothing there can dial"):
            dial.reach(door, listening, "")


def _receive(stream, size):
    data = b""
    while len(data) < size and (part := stream.recv(size)):
        data += part
    return data
