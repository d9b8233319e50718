"""Watching which programs are run at the terminals of a machine, beside its shells."""

from __future__ import annotations

import os
import shlex
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from checks.doors.connector import Connector, Told
from checks.errors import CheckError
from lab_runner.recording import processes

PAUSE = 0.2
FIRST = -20
SHELLS = frozenset(["ash", "bash", "dash", "fish", "ksh", "sh", "zsh"])
UNREAD = "the kernel told of more programs than could be read"


@dataclass(frozen=True, slots=True)
class Program:
    """A program that somebody began at a prompt; `at` in seconds since 1970 (UTC)."""

    words: tuple[str, ...]
    directory: str
    at: float


# It had ended before it could be looked at.
UNSEEN = Program((), "", 0.0)


class Programs:
    """Writes down what is run on one machine, from a thread of its own.

    `process` is one of the machine's, by the number that this host has for it.
    """

    def __init__(
        self, process: int, write: Callable[[Mapping[str, Any]], None]
    ) -> None:
        self._namespace = processes.namespace(process)
        self._is_own_host = process == os.getpid()
        self._write = write
        self._begun: dict[int, Program | None] = {}
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._is_over.set()
        self._thread.join(timeout=1)

    def _run(self) -> None:
        with suppress(OSError):  # a program may be over before a patient reader looks
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), FIRST)
        while not self._is_over.is_set():
            try:
                self._listen()
            except CheckError as error:
                self._mark(watching=False, reason=error.message)
                return
            except OSError:
                self._mark(watching=False, reason=UNREAD)

    def _listen(self) -> None:
        with closing(Connector()) as connector:
            self._mark(watching=True)
            while not self._is_over.is_set():
                if told := connector.receive(PAUSE):
                    self._take(told)

    def _take(self, told: Told) -> None:
        if told.what == "exit":
            self._end(told)
        elif told.pid not in self._begun:  # of `env ctr`, the first is what was typed
            try:
                self._begun[told.pid] = self._look(told.pid)
            except OSError:
                self._begun[told.pid] = UNSEEN

    def _look(self, pid: int) -> Program | None:
        """Return what a process runs, if it was begun at a prompt of this machine."""
        # First of all what is gone when it ends, which may be in a moment.
        words, directory = processes.typed(pid), processes.directory(pid)
        state = processes.state(pid)
        if not state.terminal or processes.namespace(pid) != self._namespace:
            return None
        if self._is_own_host and processes.owner(pid) not in _learner():
            return None
        # A shell with a prompt gives each of its jobs a process group of its own.
        if processes.state(state.parent).group == state.group:
            return None
        return Program(words, directory, time.time())

    def _end(self, told: Told) -> None:
        program = self._begun.pop(told.pid, None)
        if program is UNSEEN and not self._is_prompt(told.parent):
            return
        if program:
            self._write_down(program, told.exit)

    def _is_prompt(self, pid: int) -> bool:
        """Tell whether a process is a shell of this machine that somebody types into."""
        with suppress(OSError):
            shell, *options = processes.typed(pid) or ("",)
            is_asked = "-c" not in options and all(o.startswith("-") for o in options)
            is_here = processes.namespace(pid) == self._namespace
            return is_here and is_asked and PurePath(shell).name.lstrip("-") in SHELLS
        return False

    def _write_down(self, program: Program, code: int) -> None:
        fields = {
            "command": shlex.join(program.words),
            "exit": code,
            "directory": program.directory,
        }
        when = program.at or time.time()
        told = {"time": when, "namespace": None, "topic": "exec"}
        self._write({**told, "fields": fields})

    def _mark(self, *, watching: bool, reason: str = "") -> None:
        mark = {"watching": watching, "reason": reason}
        self._write({"time": time.time(), **mark})


def _learner() -> set[int]:
    """Return the users whose programs may be written down: the learner and root."""
    return {0, int(os.environ.get("SUDO_UID") or os.getuid())}
