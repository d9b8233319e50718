"""From the marks that shells leave in their output to the commands they ran."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lab_runner.recording import bash
from lab_runner.recording.bash import History
from lab_runner.recording.commands import Command
from lab_runner.recording.quoting import unquoted
from lab_runner.recording.typed import Typed

NUMBER = re.compile("[0-9]{1,18}")
# The fields of a mark `p`: zsh tells exit code and directory, bash its history as well.
FROM_ZSH, FROM_BASH = 2, 6


@dataclass(frozen=True, slots=True)
class Started:
    """A command that runs: its history number (bash) or its text (zsh)."""

    at: float
    step: str
    number: int
    text: str
    is_unhidden: bool


@dataclass(slots=True)
class Shell:
    """What is known of one shell: where its last prompt was, and what it runs."""

    directory: str
    history: History | None
    running: Started | None = None


class Shells:
    """Follows the shells of one terminal, one inside the other, by their process id.

    `step` tells where the learner is in the lab; times are seconds since 1970 (UTC).
    """

    def __init__(self, machine: str, lab: str, step: Callable[[], str]) -> None:
        self.typed = Typed()
        self.machine = machine
        self._lab = lab
        self._step = step
        self._shells: dict[str, Shell] = {}

    @property
    def are_told(self) -> bool:
        """Whether any shell has told of itself."""
        return bool(self._shells)

    def started(self, process: str, fields: Sequence[str], now: float) -> None:
        is_unhidden = self.typed.at_start()
        if shell := self._shells.get(process):
            number = _number(fields[0]) or 0
            text = unquoted(fields[1]) if len(fields) > 1 else ""
            shell.running = Started(now, self._step(), number, text, is_unhidden)

    def prompted(
        self, process: str, fields: Sequence[str], now: float
    ) -> Command | None:
        """Return the command that ended with this prompt, if one did."""
        self.typed.at_prompt()
        if len(fields) not in (FROM_ZSH, FROM_BASH):
            return None
        code, directory = unquoted(fields[0]), unquoted(fields[1])
        history = bash.history(fields[2:]) if len(fields) == FROM_BASH else None
        before = self._shells.get(process)
        self._shells[process] = Shell(directory, history)
        if before is None or before.running is None:
            return None
        return Command(
            command=_text(before.history, before.running, history),
            exit=_number(code),
            directory=before.directory,
            start=round(before.running.at, 3),
            end=round(now, 3),
            machine=self.machine,
            lab=self._lab,
            step=before.running.step,
        )


def _text(before: History | None, ran: Started, after: History | None) -> str:
    if before is None or after is None:
        return ran.text
    return bash.text(before, ran.number, after, is_unhidden=ran.is_unhidden)


def _number(text: str) -> int | None:
    return int(text) if NUMBER.fullmatch(text) else None
