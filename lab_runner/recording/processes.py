"""What /proc tells of a process that has just begun a program: proc(5)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePath

LONGEST = 4096


@dataclass(frozen=True, slots=True)
class State:
    """A process's parent, its process group, and its terminal, 0 for none."""

    parent: int
    group: int
    terminal: int


def state(pid: int) -> State:
    stat = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    _, parent, group, _, terminal, *_ = stat.rpartition(")")[2].split()
    return State(int(parent), int(group), int(terminal))


def namespace(pid: int) -> int:
    """Return the number of its PID namespace."""
    return Path(f"/proc/{pid}/ns/pid").stat().st_ino


def owner(pid: int) -> int:
    return Path(f"/proc/{pid}").stat().st_uid


def directory(pid: int) -> str:
    """Return its working directory, as its own machine names it."""
    return str(Path(f"/proc/{pid}/cwd").readlink())


def typed(pid: int) -> tuple[str, ...]:
    """Return the words of its command line, of a script without its interpreter.

    Raises ProcessLookupError where it has ended.
    """
    process = Path(f"/proc/{pid}")
    line = process.joinpath("cmdline").read_bytes()[:LONGEST]
    words = tuple(line.decode(errors="replace").split("\0")[:-1])
    if not words:
        raise ProcessLookupError(pid)
    # The kernel names a process after the file that was run: of a script, the script.
    name = process.joinpath("comm").read_text(errors="replace").removesuffix("\n")
    for number, word in enumerate(words):
        if PurePath(word).name.startswith(name):
            return words[number:]
    return words
