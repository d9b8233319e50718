"""For tests of checks: a machine that answers from a script and from nothing else."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TypeVar

from checks.doors.files import HeldSocket, Stat, hold_socket
from checks.doors.machine import READ_LIMIT, Base
from checks.doors.process import Result, missing
from checks.doors.pty import Pty
from checks.errors import CheckError

T = TypeVar("T")


class Unscripted(BaseException):
    """The check asked for what the test did not script; never taken for a verdict."""


class FakeMachine(Base):
    """A machine made of dicts; a call that is not in them raises `Unscripted`.

    `commands` maps an argument list joined by spaces to its Result, `files` a path to
    its bytes, `stats` a path to its Stat, `folders` a path to its names, `sockets` a
    path to a socket of this host. A CheckError or None in place of an answer is raised,
    None as "there is no such program, file or socket".
    """

    def __init__(
        self,
        *,
        commands: Mapping[str, Result | CheckError | None] | None = None,
        files: Mapping[str, bytes | CheckError | None] | None = None,
        stats: Mapping[str, Stat | CheckError | None] | None = None,
        folders: Mapping[str, list[str] | CheckError | None] | None = None,
        sockets: Mapping[str, str | CheckError | None] | None = None,
    ) -> None:
        super().__init__("fake")
        self._commands = commands or {}
        self._files = files or {}
        self._stats = stats or {}
        self._folders = folders or {}
        self._sockets = sockets or {}

    def run(self, argv: Sequence[str], *, timeout: float | None = None) -> Result:
        line = " ".join(argv)
        if line not in self._commands:
            raise Unscripted(f"run {line}")
        answer = self._commands[line]
        if answer is None:
            raise missing(argv[0])
        if isinstance(answer, CheckError):
            raise answer
        return answer

    def spawn(
        self, argv: Sequence[str], *, env: Mapping[str, str] | None = None
    ) -> Pty:
        raise Unscripted(f"spawn {' '.join(argv)}")

    def read(self, path: str, limit: int = READ_LIMIT) -> bytes:
        return _answer(self._files, "read", path)

    def stat(self, path: str, *, follow: bool = True) -> Stat:
        return _answer(self._stats, "stat", path)

    def names(self, path: str) -> list[str]:
        return _answer(self._folders, "list", path)

    def socket(self, path: str) -> HeldSocket:
        return hold_socket(os.open, _answer(self._sockets, "socket", path))


def _answer(answers: Mapping[str, T | CheckError | None], verb: str, path: str) -> T:
    if path not in answers:
        raise Unscripted(f"{verb} {path}")
    answer = answers[path]
    if answer is None:
        raise FileNotFoundError(2, "No such file or directory", path)
    if isinstance(answer, CheckError):
        raise answer
    return answer
