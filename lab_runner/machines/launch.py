"""Starting what outlives labrun: it begins only once labrun has written down its number.

A labrun killed before that closes the pipe, and the waiting program ends by itself; one
killed later has left a record from which the next labrun finds the program.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from lab_runner.errors import MachineError
from lab_runner.machines import cgroups, host
from lab_runner.machines.processes import Process
from lab_runner.machines.progress import ESCAPES

WAIT = 'echo $$; read -r go || exit 1; exec "$@" </dev/null >&2'


class Launch:
    """A program that is ready to begin.

    `within` is a command line that prepares for it, such as unshare(1); `unit` names
    its control group.
    """

    def __init__(
        self,
        argv: Sequence[str],
        unit: str,
        log: Path,
        *,
        within: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
    ) -> None:
        # Not a child of labrun, which will have ended when there is a child to reap.
        starter = ["setsid", "--fork", *cgroups.entering(unit), *within]
        with log.open("wb") as output:
            self._starter = subprocess.Popen(
                [*starter, "sh", "-c", WAIT, "sh", *argv],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                env={**host.environment(), **(env or {})},
            )
        assert self._starter.stdin  # noqa: S101  (it was asked for)
        assert self._starter.stdout  # noqa: S101  (it was asked for)
        self._go, said = self._starter.stdin, self._starter.stdout
        with said:
            number = said.readline()
        self._starter.wait()
        if not number:
            raise MachineError(f"`{argv[0]}` cannot be started: {last_line(log)}")
        self.process = Process.of(int(number))

    def begin(self) -> None:
        with self._go:
            self._go.write(b"go\n")


def last_line(log: Path) -> str:
    """Return what a program said last, for the sentence that reports its end."""
    text = ESCAPES.sub("", log.read_text(errors="replace"))
    return (text.strip().splitlines() or ["it said nothing"])[-1]
