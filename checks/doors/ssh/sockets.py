"""Unix sockets of the far side, to be dialled from here."""

from __future__ import annotations

import socket
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingMixIn, UnixStreamServer

from checks.errors import CheckError

SECONDS = 10


class Held:
    """A path here that leads to a socket there, until the connection is closed."""

    def __init__(self, path: str) -> None:
        self.path = path

    def close(self) -> None:
        """Do nothing: whoever dials this socket next is led the same way."""


class Forward:
    """Lets sshd dial a socket, which it does as the user: ssh(1), -O forward."""

    def __init__(self, path: Path, asking: Sequence[str]) -> None:
        self.path = str(path)
        asked = subprocess.run(asking, capture_output=True, timeout=SECONDS)
        if asked.returncode:
            reason = asked.stderr.decode(errors="replace").strip()
            raise CheckError(f"ssh forwards no sockets: {reason}")

    def close(self) -> None:
        """Leave it to the connection's end."""


class Relay(ThreadingMixIn, UnixStreamServer):
    """Starts a program over there that dials, for each connection it takes here."""

    daemon_threads = True

    def __init__(self, path: Path, argv: Sequence[str]) -> None:
        self.path = str(path)
        self.argv = argv
        super().__init__(self.path, _Dialled)
        # So often the thread looks whether it is to end.
        threading.Thread(target=self.serve_forever, args=[0.02], daemon=True).start()

    def close(self) -> None:
        self.shutdown()
        self.server_close()


class _Dialled(BaseRequestHandler):
    server: Relay
    request: socket.socket

    def handle(self) -> None:
        # One that only knocked has nothing to say, and needs no program.
        if self.request.recv(1, socket.MSG_PEEK):
            subprocess.run(
                self.server.argv,
                stdin=self.request.fileno(),
                stdout=self.request.fileno(),
                stderr=subprocess.DEVNULL,
            )
