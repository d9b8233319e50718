"""The processes of a machine as /proc shows them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from posixpath import basename

from checks.doors.machine import Machine
from checks.errors import CheckError, NotPermitted

COMM_LENGTH = 15  # the kernel keeps no more of a name
TICKS = 100  # a second, in which proc(5) counts on every common architecture


@dataclass(frozen=True, slots=True)
class Found:
    """A process; `state` is the letter of proc(5), `uid` the effective user's number."""

    pid: int
    name: str
    arguments: str
    state: str
    uid: int
    parent: int

    @property
    def is_zombie(self) -> bool:
        return self.state in "ZX"


def named(machine: Machine, name: str) -> Iterator[Found]:
    """Yield the processes of exactly this name; one that ends meanwhile is left out."""
    for pid, comm, words in running(machine):
        with suppress(FileNotFoundError):
            if name in (comm, _program(words)):
                yield _describe(machine, pid, name, words)


def every(machine: Machine) -> Iterator[Found]:
    """Yield all processes; one that ends meanwhile is left out."""
    for pid, comm, words in running(machine):
        with suppress(FileNotFoundError):
            yield _describe(machine, pid, comm, words)


def running(machine: Machine) -> Iterator[tuple[int, str, list[str]]]:
    """Yield every process: its number, its name and the words of its command line."""
    for pid in _pids(machine):
        machine.remaining()
        with suppress(FileNotFoundError):
            yield pid, _comm(machine, pid), _words(machine, pid)


def name_of(machine: Machine, pid: int) -> str | None:
    """Return a process's name, whole even where the kernel keeps only its beginning."""
    try:
        comm, program = _comm(machine, pid), _program(_words(machine, pid))
    except FileNotFoundError:
        return None
    is_cut = len(comm) == COMM_LENGTH and program.startswith(comm)
    return program if is_cut else comm


def age(machine: Machine, pid: int) -> float:
    """Return for how many seconds a process has run; raises FileNotFoundError."""
    began = _text(machine.read(f"/proc/{pid}/stat")).rpartition(")")[2].split()[19]
    uptime = _text(machine.read("/proc/uptime")).split()[0]
    return float(uptime) - int(began) / TICKS


def _pids(machine: Machine) -> list[int]:
    try:
        pids = sorted(int(name) for name in machine.names("/proc") if name.isdigit())
    except FileNotFoundError:
        raise CheckError("there is no /proc on this machine") from None
    if 1 not in pids:
        message = "the processes of other users are hidden on this machine"
        raise NotPermitted(message, "run with `sudo`")
    return pids


def _comm(machine: Machine, pid: int) -> str:
    return _text(machine.read(f"/proc/{pid}/comm")).removesuffix("\n")


def _words(machine: Machine, pid: int) -> list[str]:
    return _text(machine.read(f"/proc/{pid}/cmdline")).removesuffix("\0").split("\0")


def _program(words: list[str]) -> str:
    return basename(words[0])


def _describe(machine: Machine, pid: int, name: str, words: list[str]) -> Found:
    text = _text(machine.read(f"/proc/{pid}/status"))
    fields = dict(line.split(":\t", 1) for line in text.splitlines() if ":\t" in line)
    return Found(
        pid,
        name,
        " ".join(words),
        state=fields["State"][:1],
        uid=int(fields["Uid"].split()[1]),
        parent=int(fields["PPid"]),
    )


def _text(data: bytes) -> str:
    return data.decode(errors="replace")
