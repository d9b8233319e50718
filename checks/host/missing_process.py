"""What there is in place of a process: looked for only when it is not running."""

from __future__ import annotations

from difflib import get_close_matches
from posixpath import basename, splitext

from checks.doors.machine import Machine
from checks.errors import CheckError
from checks.host import processes

SIMILAR = 0.75
INTERPRETERS = ("python", "perl", "ruby", "node", "php", "java", "bash", "sh", "dash")
WORDS = 4  # so far into its arguments is a script looked for


def explain(machine: Machine, name: str) -> str:
    """Word the near miss after "is not running"; a look that goes wrong explains nothing."""
    try:
        running = list(processes.running(machine))
    except CheckError:
        return ""
    for pid, comm, words in running:
        if comm.startswith(INTERPRETERS) and name in _scripts(words):
            return f" under this name, but `{comm}` runs it as a script (PID {pid})"
    known = {comm.lower(): comm for _, comm, _ in running}
    near = get_close_matches(name.lower(), known, n=1, cutoff=SIMILAR)
    return f", but `{known[near[0]]}` is" if near else ""


def _scripts(words: list[str]) -> set[str]:
    names = {basename(word) for word in words[1:WORDS]}
    return names | {splitext(each)[0] for each in names}
