"""`labrun shell`: the learner's terminal joined to a shell on the lab's machine.

Nothing of labrun is installed there: a labrun command typed inside reaches this relay
through the terminal itself (see inband), runs here, and its answer is typed back. So
the same commands work on every machine that gives us a terminal.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import selectors
import signal
import struct
import subprocess
import sys
import termios
import tty
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import NoReturn

from checks.doors.pty import Pty
from lab_runner.inband import COMMANDS, Request, Requests, escaped

CHUNK = 1 << 16
LAST_CHUNKS = 16
INTERRUPT = b"\x03"


class Relay:
    """Copies bytes both ways and answers requests; one at a time, Ctrl-C ends one."""

    def __init__(
        self, pty: Pty, token: str, command: Callable[[Request], Sequence[str]]
    ) -> None:
        self._pty = pty
        self._requests = Requests(token)
        self._command = command
        self._typed = b""
        self._answer = b""
        self._running: subprocess.Popen[bytes] | None = None
        self._pipes: dict[int, str] = {}
        self._selector = selectors.DefaultSelector()

    def run(self) -> int:
        """Relay until the shell ends; return its exit code."""
        os.set_blocking(self._pty.master, False)
        self._selector.register(self._pty.master, selectors.EVENT_READ)
        # The shell's own end, for a program left behind may keep the terminal open.
        self._shell = os.pidfd_open(self._pty.pid)
        self._selector.register(self._shell, selectors.EVENT_READ)
        self._listen_to_keyboard()
        try:
            with _raw_terminal(), _resizing(self._pty):
                while self._turn():
                    pass
        finally:
            self._selector.close()
            os.close(self._shell)
            if self._running:
                self._running.kill()
        return self._pty.wait()

    def _turn(self) -> bool:
        waiting = self._answer or (self._typed and not self._running)
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if waiting else 0)
        self._selector.modify(self._pty.master, events)
        for key, mask in self._selector.select():
            if key.fd == self._shell:
                for _ in range(LAST_CHUNKS):
                    self._show()
                return False
            if key.fd == self._pty.master:
                if mask & selectors.EVENT_WRITE:
                    self._type()
                if mask & selectors.EVENT_READ and not self._show():
                    return False
            elif key.fd in self._pipes:
                self._collect(key.fd)
            else:
                self._listen()
        return True

    def _listen_to_keyboard(self) -> None:
        # A regular file on standard input cannot be polled; it is read at once.
        try:
            self._selector.register(sys.stdin.fileno(), selectors.EVENT_READ)
        except PermissionError:
            self._typed = sys.stdin.buffer.read() + b"\x04"

    def _listen(self) -> None:
        data = os.read(sys.stdin.fileno(), CHUNK)
        if not data:
            # The keyboard is gone: end of input for the shell as well.
            self._selector.unregister(sys.stdin.fileno())
            data = b"\x04"
        if self._running and INTERRUPT in data:
            self._running.send_signal(signal.SIGINT)
            data = data.replace(INTERRUPT, b"")
        self._typed += data

    def _type(self) -> None:
        """Type into the shell: the answer first, then what waited behind it."""
        pending = self._answer or self._typed
        try:
            written = os.write(self._pty.master, pending[:1024])
        except BlockingIOError:
            return
        if self._answer:
            self._answer = self._answer[written:]
        else:
            self._typed = self._typed[written:]

    def _show(self) -> bool:
        try:
            data = os.read(self._pty.master, CHUNK)
        except BlockingIOError:
            return True
        except OSError:  # EIO: the last program on the terminal has ended
            return False
        shown, requests = self._requests.feed(data)
        _write_all(sys.stdout.fileno(), shown)
        for request in requests:
            self._begin(request)
        return bool(data)

    def _begin(self, request: Request) -> None:
        self._answer += b"+\n"
        if self._running:
            self._reply("2", b"labrun: one command at a time\n")
            self._answer += b"=3\n"
            return
        if request.arguments[:1] and request.arguments[0] not in COMMANDS:
            self._reply("2", _refusal(request.arguments[0]))
            self._answer += b"=2\n"
            return
        self._running = subprocess.Popen(
            self._command(request),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **_look(request)},
            process_group=0,
        )
        for stream, tag in ((self._running.stdout, "1"), (self._running.stderr, "2")):
            if stream:
                self._pipes[stream.fileno()] = tag
                self._selector.register(stream, selectors.EVENT_READ)

    def _collect(self, pipe: int) -> None:
        data = os.read(pipe, CHUNK)
        if data:
            self._reply(self._pipes[pipe], data)
            return
        self._selector.unregister(pipe)
        del self._pipes[pipe]
        if not self._pipes and self._running:
            code = self._running.wait()
            self._running = None
            self._answer += f"={code if code >= 0 else 128 - code}\n".encode()

    def _reply(self, tag: str, data: bytes) -> None:
        for line in escaped(data):
            self._answer += tag.encode() + line + b"\n"


def relay(
    pty: Pty,
    token: str = "",
    command: Callable[[Request], Sequence[str]] = lambda _: ("false",),
) -> int:
    """Join this terminal to `pty` until its program ends; return its exit code."""
    return Relay(pty, token or secrets.token_hex(8), command).run()


def _refusal(word: str) -> bytes:
    return (
        f"labrun: `labrun {word}` does not work inside the lab's shell;"
        " leave it with `exit` first\n"
    ).encode()


def _look(request: Request) -> dict[str, str]:
    rows, columns = _size()
    look = {"COLUMNS": str(columns), "LINES": str(rows)}
    if request.on_terminal:
        look["LABRUN_TERMINAL"] = "1"
    return look


def _size() -> tuple[int, int]:
    with suppress(OSError):
        packed = fcntl.ioctl(sys.stdout.fileno(), termios.TIOCGWINSZ, b"\0" * 8)
        rows, columns, _, _ = struct.unpack("HHHH", packed)
        if rows and columns:
            return rows, columns
    return 24, 80


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


@contextmanager
def _raw_terminal() -> Iterator[None]:
    """Pass every key on as it is typed, and give the terminal back as it was."""
    if not sys.stdin.isatty():
        yield
        return
    saved = termios.tcgetattr(sys.stdin)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    # Not the default TCSAFLUSH: what was typed ahead is meant for the shell.
    tty.setraw(sys.stdin, termios.TCSADRAIN)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, saved)


def _leave(number: int, _: object) -> NoReturn:
    # As an exception, so that the terminal is given back on the way out.
    raise SystemExit(128 + number)


@contextmanager
def _resizing(pty: Pty) -> Iterator[None]:
    def resize(*_: object) -> None:
        pty.resize(*_size())

    resize()
    before = signal.signal(signal.SIGWINCH, resize)
    try:
        yield
    finally:
        signal.signal(signal.SIGWINCH, before)
