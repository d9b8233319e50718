"""A contained machine: a process tree with its own root, entered through its PID 1."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path

from checks.doors import files, process, pty, rooted
from checks.doors.files import Stat
from checks.doors.machine import PATH, READ_LIMIT, Base, SocketPath
from checks.doors.process import Result
from checks.errors import CheckError, NotPermitted, Unreachable

ENV = {"PATH": PATH, "HOME": "/root", "USER": "root", "SHELL": "/bin/bash"}
# What a process in a mount namespace of its own sees, as in rootless containers.
OF_PROCESS = re.compile(r"/proc/([1-9][0-9]*)/root(/.*)")
# The host's clock, kernel modules and ports are no machine's to change.
HOST_ONLY = "--bounding-set=-sys_time,-sys_module,-sys_rawio"


class Contained(Base):
    """The machine whose first process is `pid`, as this host numbers it."""

    def __init__(self, name: str, pid: int) -> None:
        super().__init__(name)
        self._pid = self.process = pid
        self._born = started(pid)
        try:
            self._root = os.open(f"/proc/{pid}/root", os.O_PATH | os.O_CLOEXEC)
        except PermissionError:
            raise NotPermitted(
                f"machine `{name}` may not be entered", "run with `sudo`"
            ) from None
        except OSError:
            raise self._gone() from None
        self._opener = rooted.opener(self._root)

    def entering(self, argv: Sequence[str]) -> list[str]:
        """Return the command line that runs `argv` inside, started from this host."""
        self._require_alive()
        return ["nsenter", f"--target={self._pid}", "-a", "-r", "-w", "--", *argv]

    def joining(self, argv: Sequence[str]) -> list[str]:
        """Like `entering`, as if the machine had started it: for what a learner does.

        The program joins the machine's control groups and may change nothing outside.
        """
        script = 'n=$1; shift; while [ "$n" -gt 0 ]; do echo $$ >"$1" || :; shift; '
        script += 'n=$((n-1)); done 2>/dev/null; exec "$@"'
        groups = [str(group / "cgroup.procs") for group in self._control_groups]
        inside = ["setpriv", HOST_ONLY, *self.entering(argv)]
        return ["sh", "-c", script, "join", str(len(groups)), *groups, *inside]

    def run(self, argv: Sequence[str], *, timeout: float | None = None) -> Result:
        limit = self.remaining() if timeout is None else timeout
        env = {**ENV, "LC_ALL": "C.UTF-8"}
        entering = self.entering(argv)
        result = process.run(entering, env, limit, self._running, asked=argv)
        if result.exit:
            self._require_alive()
        if result.stderr.startswith(f"nsenter: failed to execute {argv[0]}: "):
            raise _not_executed(argv[0], result.exit)
        return result

    def spawn(
        self, argv: Sequence[str], *, env: Mapping[str, str] | None = None
    ) -> pty.Pty:
        given = {**ENV, "TERM": os.environ.get("TERM", "dumb"), **(env or {})}
        return pty.start(self.joining(argv), given, self._terminal())

    def read(self, path: str, limit: int = READ_LIMIT) -> bytes:
        return files.read(self._open, path, limit)

    def stat(self, path: str, *, follow: bool = True) -> Stat:
        return files.stat(self._open, path, follow=follow)

    def names(self, path: str) -> list[str]:
        return files.names(self._open, path)

    def socket(self, path: str) -> SocketPath:
        seen_by = OF_PROCESS.fullmatch(path)
        if seen_by is None:
            return files.hold_socket(self._open, path)
        with self._root_of(int(seen_by[1])) as root:
            return files.hold_socket(rooted.opener(root), seen_by[2])

    @contextmanager
    def _root_of(self, inside: int) -> Iterator[int]:
        """Open the root of a process that the machine numbers so."""
        # By our own /proc: a learner who is root could make the machine's point to us.
        pid = numbered(self._pid, inside)
        root = os.open(f"/proc/{pid}/root", os.O_PATH | os.O_CLOEXEC)
        try:
            yield root
        finally:
            os.close(root)

    def close(self) -> None:
        super().close()
        if self._root >= 0:
            os.close(self._root)
            self._root = -1

    def _open(self, path: str, flags: int) -> int:
        # The root of a dead machine may still be held and empty: no proof of absence.
        try:
            return self._opener(path, flags)
        finally:
            self._require_alive()

    def _require_alive(self) -> None:
        if started(self._pid) != self._born:
            raise self._gone()

    def _terminal(self) -> tuple[int, int]:
        try:
            return pty.open_inside(self._open)
        except FileNotFoundError:
            # A root without devpts: a terminal of this host works, it has no name.
            return pty.open_local()

    @cached_property
    def _control_groups(self) -> list[Path]:
        return control_groups(self._pid)

    def _gone(self) -> Unreachable:
        return Unreachable(
            f"machine `{self.name}` is not running", f"labrun machine up {self.name}"
        )


def _not_executed(program: str, code: int) -> CheckError:
    if code == 127:  # found nowhere, as execvp(3) says it
        return process.missing(program)
    return NotPermitted(f"`{program}` may not be run")


def started(pid: int) -> int:
    """Return when a process began, in clock ticks since boot; 0 if it does not run.

    Together with its number this names a process for good: proc(5), fields 3 and 22.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0
    fields = stat.rpartition(")")[2].split()
    return 0 if fields[0] in "ZX" else int(fields[19])  # a zombie runs no more


def numbered(first: int, inside: int) -> int:
    """Return the process that the PID namespace of `first` numbers `inside`.

    Raises FileNotFoundError where there is none, and OSError.
    """
    namespace = Path(f"/proc/{first}/ns/pid").stat().st_ino
    for each in Path("/proc").glob("[1-9]*"):
        with suppress(OSError):  # it has just ended
            if _own_number(each) != inside:
                continue
            if (each / "ns/pid").stat().st_ino == namespace:
                return int(each.name)
    raise FileNotFoundError(2, "No such process", f"/proc/{inside}")


def _own_number(process: Path) -> int:
    """Return the number that a process has for itself: proc(5), NSpid."""
    status = (process / "status").read_text()
    numbers = next(line for line in status.splitlines() if line.startswith("NSpid:"))
    return int(numbers.split()[-1])


def control_groups(pid: int) -> list[Path]:
    """Return the groups a process is in, one for each hierarchy that is mounted."""
    mounts = _hierarchies()
    groups = []
    for line in Path(f"/proc/{pid}/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers in mounts:
            groups.append(mounts[controllers] / path.strip("/"))
    return groups


def _hierarchies() -> dict[str, Path]:
    """Map the controllers field of /proc/PID/cgroup to where its tree is mounted."""
    mounts = {}
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        before, _, after = line.partition(" - ")
        kind, _, options = after.split(" ", 2)
        if kind == "cgroup2":
            mounts[""] = Path(before.split()[4])
        elif kind == "cgroup":
            for option in options.split(","):
                mounts[option] = Path(before.split()[4])
    return mounts
