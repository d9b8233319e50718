"""The kind `ran`: a command that the learner ran during the step."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from checks.doors.machine import Machine
from checks.doors.witness import Record
from checks.errors import CheckError, SpecError
from checks.host.wording import excerpt, unlike
from checks.matchers import Matcher
from checks.shell import lines, recorded, runs
from checks.shell.runs import Run, begins
from checks.times import ago
from checks.verdict import Verdict, failed, passed
from checks.vocabulary import check_numbers


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that the learner ran since the step began.

        - ran: ctr images ls
          exit: 0

    It is known from `labrun shell`, which records commands. As long as one is open, the
    kernel tells root of other terminals of the machine, too, and of shells that cannot
    be recorded: of programs, not of what a shell does itself, such as `cd`. Without
    either, and where a line was hidden from the shell's history by a space in front,
    nothing can be told, which is an error and not a failure. A command counts when it begins with the words
    that are asked for: more may follow, and options stand in between. Looked at is each
    command of a line with pipes, `;`, `&&` and `||`, without `sudo`, `env` or an
    assignment before it; words are compared as they were typed, without quotes, so
    neither aliases nor variables are replaced. A comparison such as `{matches: …}` is
    with the words joined by spaces. Prefer the kinds that ask for what a command has
    brought about: there is more than one way to it.
    """

    FACTS: ClassVar = ("command", "exit", "directory", "time")
    NARROWED_BY: ClassVar = ("exit", "directory")

    ran: Matcher
    """The words that the command begins with."""
    exit: Matcher | None = None
    """Its exit code. Unless given, it may be any but a known failure: of what stands
    before a `|`, the shell does not tell it."""
    directory: Matcher | None = None
    """The directory it was run in."""
    exists: bool = True
    """`false` asks that it was not run since the step began."""

    def __post_init__(self) -> None:
        check_numbers("exit", self.exit)
        if self.ran.literal is not None and not self._words:
            message = f"`ran`: `{self.ran.literal}` is not one command"
            raise SpecError(message, "write it without pipes and the like", ("ran",))

    def run(self, machine: Machine) -> Verdict:
        seen = recorded.commands(machine.witness)
        during = [each for each in seen.records if each["start"] >= seen.since]
        meant = [each for record in during for each in self._runs(record)]
        holding = [each for each in meant if each.is_sure and self._holds(each)]
        if holding:
            return self._found(holding[-1])
        seen.require_whole(self._words[0] if self._words else "")
        self._require_sure(during, meant)
        if not self.exists:
            return passed(f"{self._subject} was not run since the step began")
        if meant:
            return self._otherwise(meant[-1])
        before = [each for record in seen.records for each in self._runs(record)]
        return self._not_run(before, during)

    def _runs(self, record: Record) -> Iterator[Run]:
        """Yield the commands of a recorded line that are meant."""
        return (each for each in runs.of(record) if self._is_meant(each.words))

    def _is_meant(self, words: Sequence[str]) -> bool:
        if self.ran.literal is None:
            return self.ran.accepts(" ".join(words))
        return begins(words, self._words)

    def _holds(self, run: Run) -> bool:
        if self.directory and not self.directory.accepts(run.directory):
            return False
        return self.exit.accepts(run.exit) if self.exit else not run.exit

    def _require_sure(self, during: Sequence[Record], meant: Sequence[Run]) -> None:
        again = f"run {self._named} in `labrun shell`, in a line of its own"
        if any(not record["command"] for record in during):
            hidden = "a command of this step was hidden from the shell's history"
            raise CheckError(
                f"{hidden}: whether it was {self._named} cannot be told",
                f"{again}, without a space in front",
            )
        involved = (self._is_too_involved(record) for record in during)
        if any(involved) or any(self._is_open(each) for each in meant):
            raise CheckError(
                f"whether and how {self._named} ran in a line of several commands"
                " cannot be told",
                again,
            )

    def _is_open(self, run: Run) -> bool:
        """Tell whether the run may be what is asked for, for all that is known."""
        is_elsewhere = (
            self.directory
            and run.directory is not None
            and not self.directory.accepts(run.directory)
        )
        has_failed = run.exit is not None and not (
            self.exit.accepts(run.exit) if self.exit else run.exit == 0
        )
        return not is_elsewhere and not has_failed

    def _is_too_involved(self, record: Record) -> bool:
        line = record["command"]
        if lines.commands(line, record["exit"]) is not None:
            return False
        if self.ran.literal is None:
            return self.ran.accepts(line)
        return all(word in line for word in self._words)

    def _found(self, run: Run) -> Verdict:
        exit_code = "" if run.exit is None else f" with exit code {run.exit}"
        summary = f"`{excerpt(run.text)}` was run{exit_code}"
        if self.exists:
            return passed(summary, run.facts)
        return failed(f"{summary} since the step began", facts=run.facts)

    def _otherwise(self, run: Run) -> Verdict:
        """Tell of a run that is the one meant but for its end or its directory."""
        command = f"`{excerpt(run.text)}`"
        wanted = self.directory
        if wanted and run.directory is not None and not wanted.accepts(run.directory):
            return failed(
                f"{command} was run in `{run.directory}`, {unlike(wanted)}",
                expected=wanted.describe(),
                actual=run.directory,
                facts=run.facts,
            )
        return failed(
            f"{command} was run and ended with exit code {run.exit}",
            expected=f"exit code {self.exit.describe() if self.exit else 0}",
            actual=f"exit code {run.exit}",
            facts=run.facts,
        )

    def _not_run(self, before: Sequence[Run], during: Sequence[Record]) -> Verdict:
        hint = f"run {self._named} in `labrun shell`"
        if before:
            when = ago(time.time() - before[-1].at)
            summary = f"`{excerpt(before[-1].text)}` was run {when}"
            return failed(f"{summary}, before the step began", hint=hint)
        summary = f"{self._subject} was not run since the step began"
        if near := self._near(during):
            return failed(f"{summary}, but `{near}` was", actual=near, hint=hint)
        return failed(summary, hint=hint)

    def _near(self, during: Sequence[Record]) -> str:
        """Return the last command of the same program, as an excerpt."""
        program = self._words[:1]
        ran = (each for record in reversed(during) for each in runs.of(record))
        same = (each.text for each in ran if program and begins(each.words, program))
        return excerpt(next(same, ""))

    @property
    def _words(self) -> tuple[str, ...]:
        """The words that are asked for, none where it is not by words."""
        asked = lines.commands(self.ran.literal or "", None)
        return asked[0].words if asked and len(asked) == 1 else ()

    @property
    def _named(self) -> str:
        words = self.ran.literal
        return f"`{words}`" if words else f"a command {self.ran.describe()}"

    @property
    def _subject(self) -> str:
        return self._named[:1].upper() + self._named[1:]
