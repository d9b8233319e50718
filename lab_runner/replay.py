"""Doing steps as their solutions say, with nobody at the keyboard."""

from __future__ import annotations

import time
from typing import Self

from checks.doors.terminal import Framed, Terminal
from checks.doors.witness import Record
from checks.errors import CheckError
from lab_runner.engine import DoorOf
from lab_runner.errors import LabrunError
from lab_runner.model import Command, Step
from lab_runner.result import Failure, named

LOGIN = ("bash", "-c", "cd; exec bash --login")
SECONDS = 300.0
# As tall as that no pager has a reason to stop.
SIZE = (200, 120)


class Replay:
    """The login shells, one a machine, in which steps are done one after the other.

    As a context manager it leaves them by `exit`, so that what they run in the
    background goes on. `records` are the commands as a witness of checks tells them;
    a command may take `seconds`.
    """

    def __init__(self, door_of: DoorOf, seconds: float = SECONDS) -> None:
        self.records: list[Record] = []
        self._door_of = door_of
        self._seconds = seconds
        self._shells: dict[str, Terminal] = {}

    def take(self, step: Step) -> list[Failure]:
        """Type the solution of a step, each command on the machine it names.

        Returns the commands that failed: a lab may mean them to, its checks decide.
        Raises LabrunError where a command does not end, or ends the shell. Questions
        stay open.
        """
        typed = [self._type(command) for command in step.solution]
        return [failure for failure in typed if failure]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: object, *_: object) -> None:
        for shell in self._shells.values():
            if error is None:
                shell.leave()
            shell.close()

    def _type(self, command: Command) -> Failure | None:
        start = time.time()
        shown = self._run(command)
        self.records.append(
            {
                "machine": command.machine,
                "command": command.text.strip(),
                "exit": shown.exit,
                "directory": None,
                "start": start,
            }
        )
        if shown.exit == 0:
            return None
        return Failure(command, shown.exit, "".join(shown.output.splitlines()[-1:]))

    def _run(self, command: Command) -> Framed:
        shell = self._shell(command.machine)
        try:
            return shell.run(command.text.rstrip(), self._seconds)
        except CheckError as error:
            raise LabrunError(
                f"{named(command)} stops the step: {error.message}",
                "commands of a lab end by themselves and leave the shell open",
            ) from None

    def _shell(self, machine: str) -> Terminal:
        if machine not in self._shells:
            door = self._door_of(machine)
            self._shells[machine] = Terminal(lambda: door.spawn(LOGIN), SIZE)
        return self._shells[machine]
