"""Doing a step as its solution says, with nobody at the keyboard."""

from __future__ import annotations

from contextlib import ExitStack, closing
from dataclasses import dataclass

from checks.doors.terminal import Terminal
from checks.errors import CheckError
from lab_runner.errors import LabrunError
from lab_runner.model import Command, Step
from lab_runner.session import Session

LOGIN = ("bash", "-c", "cd; exec bash --login")
SECONDS = 300.0
# As tall as that no pager has a reason to stop.
SIZE = (200, 120)


@dataclass(frozen=True, slots=True)
class Failure:
    """A command that ended with an exit code other than 0; `said` is its last line."""

    command: Command
    exit: int
    said: str

    def __str__(self) -> str:
        said = f": {self.said}" if self.said else ""
        return f"{_named(self.command)} ended with exit code {self.exit}{said}"


def replay(session: Session, step: Step) -> list[Failure]:
    """Type a step's solution, in one fresh login shell on each machine it names.

    Returns the commands that failed: a lab may mean them to, its checks decide. Raises
    LabrunError where a command does not end, or ends the shell. Questions stay open.
    """
    failures = []
    with ExitStack() as undo:
        shells: dict[str, Terminal] = {}
        for command in step.solution:
            if command.machine not in shells:
                shell = undo.enter_context(closing(_shell(session, command.machine)))
                shells[command.machine] = shell
            failure = _typed(command, shells[command.machine])
            failures += [failure] if failure else []
    return failures


def _shell(session: Session, machine: str) -> Terminal:
    door = session.door_of(machine)
    return Terminal(lambda: door.spawn(LOGIN), SIZE)


def _typed(command: Command, shell: Terminal) -> Failure | None:
    try:
        shown = shell.run(command.text.rstrip(), SECONDS)
    except CheckError as error:
        raise LabrunError(
            f"{_named(command)} stops the step: {error.message}",
            "commands of a lab end by themselves and leave the shell open",
        ) from None
    if shown.exit == 0:
        return None
    return Failure(command, shown.exit, "".join(shown.output.splitlines()[-1:]))


def _named(command: Command) -> str:
    """Return the place of a command and its first line."""
    first, _, more = command.text.strip().partition("\n")
    return f"{command.source}: `{first}{' …' if more else ''}`"
