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
import sys
import termios
import tty
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import NoReturn

from checks.doors.pty import Pty
from lab_runner.exchange import Exchange
from lab_runner.inband import MARKS, Message, Messages, refusal
from lab_runner.recording.recorder import Recorder

CHUNK = 1 << 16
LAST_CHUNKS = 16
TYPED_AT_ONCE = 1024
INTERRUPT, END_OF_INPUT = b"\x03", b"\x04"
REPEAT_SECONDS = 0.3


Command = Callable[[Message], Sequence[str]]


class Relay:
    """Copies bytes both ways and answers requests; one at a time, Ctrl-C ends one."""

    def __init__(
        self, pty: Pty, token: str, command: Command, recorder: Recorder | None
    ) -> None:
        self._pty = pty
        self._recorder = recorder
        self._messages = Messages(token)
        self._command = command
        # What waits to be typed into the shell: an answer's line goes first, and what
        # the learner typed meanwhile waits until the answer is over.
        self._line = b""
        self._ahead = b""
        self._typed = b""
        # The keyboard is gone: end of input for the shell as well, until it ends.
        self._is_deaf = False
        self._exchange: Exchange | None = None
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
            with _raw_terminal(), _resizing(self._resize):
                while self._turn():
                    pass
        finally:
            self._selector.close()
            os.close(self._shell)
            if self._exchange:
                self._exchange.close()
        return self._pty.wait()

    def _turn(self) -> bool:
        waiting = self._line or (self._typed and not self._exchange)
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if waiting else 0)
        self._selector.modify(self._pty.master, events)
        for key, mask in self._selector.select(self._patience):
            if key.fd == self._shell:
                for _ in range(LAST_CHUNKS):
                    self._show()
                return False
            if key.fd == self._pty.master:
                if mask & selectors.EVENT_READ and not self._show():
                    return False
                if mask & selectors.EVENT_WRITE:
                    self._type()
            elif key.fd == sys.stdin.fileno():
                self._listen()
            elif self._exchange and key.fd in self._exchange.pipes:
                self._collect(self._exchange, key.fd)
        self._answer()
        if self._is_deaf and not self._typed and not self._exchange:
            # A shell that was not listening yet has not heard it the first time.
            self._typed = END_OF_INPUT
        return True

    @property
    def _patience(self) -> float | None:
        return REPEAT_SECONDS if self._is_deaf else None

    def _listen_to_keyboard(self) -> None:
        # A regular file on standard input cannot be polled; it is read at once.
        try:
            self._selector.register(sys.stdin.fileno(), selectors.EVENT_READ)
        except PermissionError:
            self._typed = sys.stdin.buffer.read()
            self._is_deaf = True

    def _listen(self) -> None:
        data = os.read(sys.stdin.fileno(), CHUNK)
        if not data:
            self._selector.unregister(sys.stdin.fileno())
            self._is_deaf = True
        if self._exchange and INTERRUPT in data:
            if self._exchange.interrupt():
                data = data.replace(INTERRUPT, b"")
            else:
                # Whoever asked is not there any more: give the keyboard back.
                self._drop()
        self._typed += data

    def _type(self) -> None:
        """Type into the shell: a line of an answer, or what the learner typed."""
        is_answer = bool(self._line)
        pending = self._line if is_answer else self._typed
        try:
            written = os.write(self._pty.master, pending[:TYPED_AT_ONCE])
        except BlockingIOError:
            return
        if is_answer:
            self._line = self._line[written:]
        else:
            self._typed = self._typed[written:]
            if self._recorder:
                self._recorder.typed(pending[:written])

    def _show(self) -> bool:
        try:
            data = os.read(self._pty.master, CHUNK)
        except BlockingIOError:
            return True
        except OSError:  # EIO: the last program on the terminal has ended
            return False
        shown, messages = self._messages.feed(data)
        _write_all(sys.stdout.fileno(), shown)
        if self._recorder:
            self._recorder.shown(shown)
        for message in messages:
            self._hear(message)
        return bool(data)

    def _resize(self) -> None:
        rows, columns = size()
        self._pty.resize(rows, columns)
        if self._recorder:
            self._recorder.resized(rows, columns)

    def _hear(self, message: Message) -> None:
        if message.verb in MARKS:
            self._note(message)
        elif message.verb == "?":
            self._begin(message)
        elif message.verb == "<":
            self._ahead += message.typed
        elif self._exchange and self._exchange.request == message.id:
            if message.verb == "+":
                self._exchange.ask()
            else:
                self._drop()

    def _note(self, mark: Message) -> None:
        if self._recorder and mark.verb == "s":
            self._recorder.started(mark.id, mark.arguments)
        elif self._recorder:
            self._recorder.prompted(mark.id, mark.arguments)

    def _begin(self, message: Message) -> None:
        self._drop()
        self._exchange = exchange = Exchange(message.id)
        if reason := refusal(message.arguments):
            exchange.refuse(reason)
            return
        exchange.run(self._command(message), {**os.environ, **_look(message)})
        for pipe in exchange.pipes:
            self._selector.register(pipe, selectors.EVENT_READ)

    def _collect(self, exchange: Exchange, pipe: int) -> None:
        if not exchange.collect(pipe):
            self._selector.unregister(pipe)

    def _answer(self) -> None:
        if self._exchange and not self._line:
            self._line = self._exchange.take()
            if self._exchange.over:
                self._exchange = None
                self._retype()

    def _drop(self) -> None:
        """End an exchange that nobody waits for; no further line of it is typed."""
        if self._exchange:
            for pipe in self._exchange.pipes:
                self._selector.unregister(pipe)
            self._exchange.close()
        self._exchange = None
        self._retype()

    def _retype(self) -> None:
        """Type again what was typed ahead of an answer and came back with it."""
        self._typed, self._ahead = self._ahead + self._typed, b""


def relay(
    pty: Pty,
    token: str = "",
    command: Command = lambda _: ("false",),
    recorder: Recorder | None = None,
) -> int:
    """Join this terminal to `pty` until its program ends; return its exit code."""
    return Relay(pty, token or secrets.token_hex(8), command, recorder).run()


def _look(message: Message) -> dict[str, str]:
    rows, columns = size()
    look = {"COLUMNS": str(columns), "LINES": str(rows)}
    if message.on_terminal:
        look["LABRUN_TERMINAL"] = "1"
    return look


def size() -> tuple[int, int]:
    """Return the rows and columns of the terminal at hand."""
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
def _resizing(resize: Callable[[], None]) -> Iterator[None]:
    resize()
    before = signal.signal(signal.SIGWINCH, lambda *_: resize())
    try:
        yield
    finally:
        signal.signal(signal.SIGWINCH, before)
