"""A server that runs nothing but sshd, seen through one connection."""

from __future__ import annotations

import os
import secrets
import stat as st
from collections.abc import Mapping, Sequence
from contextlib import suppress

from checks.doors import files, process, pty
from checks.doors.files import Stat
from checks.doors.machine import READ_LIMIT, Base
from checks.doors.process import CHUNK, OUTPUT_LIMIT, Result
from checks.doors.pty import Pty
from checks.doors.ssh import address, ahead, diallers, errors, remote
from checks.doors.ssh.connection import Connection
from checks.doors.ssh.pool import Pool
from checks.doors.ssh.shell import Answer
from checks.doors.ssh.sockets import Forward, Held, Relay
from checks.doors.ssh.terminal import RemotePty
from checks.errors import CheckError, NotPermitted, TimedOut, ToolMissing, Unreachable


class Server(Base):
    """The server at an address such as `ssh://user@host:port`.

    The connection begins at once and is waited for when it is first needed.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._connection = Connection(address.parse(url))
        self._shells = Pool(self._connection)
        self._ahead: dict[str, bytes] = {}

    @property
    def search_path(self) -> tuple[str, ...]:
        folders = self._shells.first().search_path.split(":")
        return tuple(dict.fromkeys(f for f in folders if f.startswith("/")))

    def allow(self, seconds: float | None) -> None:
        if not self._shells.is_open:
            # Most checks need it, and being let in takes about as long.
            import checks.doors.rpc  # noqa: F401, PLC0415
        # Connecting, and the passphrase that is asked for, is no part of a check's time.
        with suppress(CheckError):  # what is asked next says it again
            self._shells.first()
        self._ahead.clear()
        super().allow(seconds)

    def run(self, argv: Sequence[str], *, timeout: float | None = None) -> Result:
        limit = self.remaining() if timeout is None else timeout
        try:
            with self._shells.lend() as shell:
                answer = shell.run(argv, limit, OUTPUT_LIMIT)
        except TimeoutError:
            raise process.overdue(argv, limit) from None
        except ValueError as error:
            raise CheckError(f"`{argv[0]}` cannot be run: {error}") from None
        if answer.is_refused:
            raise _not_executed(argv[0], answer.exit)
        cut = OUTPUT_LIMIT in (len(answer.stdout), len(answer.stderr))
        out, err = (s.decode(errors="replace") for s in (answer.stdout, answer.stderr))
        return Result(answer.exit, out, err, cut)

    def spawn(
        self, argv: Sequence[str], *, env: Mapping[str, str] | None = None
    ) -> Pty:
        command = remote.words(_with(env or {}, argv))
        is_root = self._shells.first().is_by_sudo
        return self._on_terminal(command, sudo=is_root)

    def login(self, env: Mapping[str, str]) -> Pty:
        """Open the user's login shell, which is given these variables as well."""
        command = remote.words(_with(env, ())) + b' "${SHELL:-/bin/sh}" -l'
        return self._on_terminal(command, sudo=False)

    def read(self, path: str, limit: int = READ_LIMIT) -> bytes:
        known = self._ahead.pop(path, None)
        if known is not None and len(known) <= limit:
            return known
        answer = self._look("labrun_read", path, str(limit + 1), limit=limit + 1)
        if answer.exit == remote.NOT_A_FILE:
            kind = _kind(answer.stdout)
            raise CheckError(f"`{path}` is a {kind}, not a file that can be read")
        if len(answer.stdout) > limit:
            reason = f"is larger than {limit} bytes, too large to read"
            raise CheckError(f"`{path}` {reason}")
        return answer.stdout

    def stat(self, path: str, *, follow: bool = True) -> Stat:
        answer = self._look("labrun_stat" if follow else "labrun_lstat", path)
        numbers, _, target = answer.stdout.partition(b"\n")
        mode, uid, gid, size = numbers.split()
        return Stat(
            _kind(mode),
            st.S_IMODE(int(mode, 16)),
            int(uid),
            int(gid),
            int(size),
            os.fsdecode(target.removesuffix(b"\n")),
        )

    def names(self, path: str) -> list[str]:
        answer = self._look("labrun_names", path, limit=READ_LIMIT, is_list=True)
        if path == ahead.FOLDER:
            self._read_ahead()
        start = len(os.fsencode(path)) + 1
        return [os.fsdecode(name[start:]) for name in answer.stdout.split(b"\0")[:-1]]

    def socket(self, path: str) -> Held:
        kind = self.stat(path).type
        if kind != "socket":
            raise CheckError(f"`{path}` is a {kind}, not a socket")
        if self._dialler:
            self._probe(path)
        return Held(self.keep(("socket", path), lambda: self._lead(path)).path)

    def close(self) -> None:
        """End what still runs over there, and then the connection."""
        super().close()
        self._shells.close()
        self._connection.close()

    def _look(self, *words: str, limit: int = CHUNK, is_list: bool = False) -> Answer:
        path = words[1]
        with files.permission(path):
            try:
                answer = self._ask(remote.words(words), limit)
            except TimeoutError:
                raise TimedOut(f"`{path}` could not be read in time") from None
            # A list that was begun may name what has gone before it was looked at.
            is_begun = is_list and answer.stdout and errors.say_absent(answer.stderr)
            if answer.exit not in (0, remote.NOT_A_FILE) and not is_begun:
                raise errors.of(answer.stderr, path)
        return answer

    def _read_ahead(self) -> None:
        mark = secrets.token_hex(8)
        with suppress(TimeoutError):  # then each is read when it is asked for
            command = remote.words(["labrun_ahead", mark])
            printed = self._ask(command, READ_LIMIT).stdout
            self._ahead = dict(ahead.files(mark, printed))

    def _ask(self, command: bytes, limit: int = CHUNK) -> Answer:
        with self._shells.lend() as shell:
            return shell.ask(command, self.remaining(), limit)

    @property
    def _dialler(self) -> tuple[str, ...]:
        return diallers.PROGRAMS.get(self._shells.first().dialler, ())

    def _probe(self, path: str) -> None:
        """Dial over there, where a failure has a reason."""
        try:
            result = self.run([*self._dialler, path, "probe"])
        except TimedOut:
            raise TimeoutError from None
        if result.exit:
            raise errors.of(result.stderr.encode(), path)

    def _lead(self, path: str) -> Forward | Relay:
        here = self._connection.folder / f"socket-{secrets.token_hex(4)}"
        if not self._shells.first().is_by_sudo:
            return Forward(here, self._connection.forwarding(here, path))
        if not self._dialler:
            names = ", ".join(diallers.PROGRAMS)
            raise ToolMissing(
                f"nothing there can dial `{path}` as root: none of {names} is installed",
                "install `perl` there",
            )
        words = remote.words(["exec", "sudo", "-n", *self._dialler, path, "copy"])
        return Relay(here, self._connection.running(words))

    def _on_terminal(self, command: bytes, *, sudo: bool) -> Pty:
        """Start a command on a terminal over there and wait until it has one."""
        self._shells.first()
        mark = secrets.token_hex(8)
        script = remote.on_terminal(mark, command, sudo=sudo)
        env = {"TERM": "dumb", **os.environ}
        argv = self._connection.running(script, "-tt")
        ends = pty.open_local()
        process = pty.launch(argv, env, ends)
        started = RemotePty(ends[0], process, self._silence, self._shells.lost)
        try:
            started.listen(mark, self.remaining())
        except (TimeoutError, EOFError):
            started.close()
            raise Unreachable(
                f"`{self.name}` gave no terminal",
                f"`{self._connection.address.command}` shows whether it does",
            ) from None
        return started

    def _silence(self, terminal: str) -> None:
        self.run(["stty", "-F", terminal, "-echo"])


def _not_executed(program: str, code: int) -> CheckError:
    if code == 127:  # found nowhere, as POSIX has a shell say it
        return process.missing(program)
    return NotPermitted(f"`{program}` may not be run")


def _with(env: Mapping[str, str], argv: Sequence[str]) -> list[str]:
    return ["env", *(f"{name}={value}" for name, value in env.items()), *argv]


def _kind(mode: bytes) -> str:
    return files.TYPES.get(st.S_IFMT(int(mode, 16)), "unknown")
