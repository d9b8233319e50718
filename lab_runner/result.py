"""What became of a task."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from checks.verdict import Verdict
from lab_runner.model import Command, Step, Task

Sureness = Literal["certain", "likely", "contradicted", "flaky"]
DOUBTS = ("contradicted", "flaky")
Ruling = Literal["sound", "vacuous", "unreachable", "flaky", "needs", "unknown"]


@dataclass(frozen=True, slots=True)
class TaskResult:
    """A task's verdict, the seconds its last try took, and its trace if it crashed.

    `withheld` tells that the reason was taken out of the verdict, as it is hidden.
    """

    task: Task
    verdict: Verdict
    seconds: float
    trace: str = ""
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a step was reached: `kept` steps came from a checkpoint, `replayed` did not."""

    step: Step
    kept: tuple[Step, ...]
    replayed: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """The verdict of a proof on a step; `seconds` is what its first walk took."""

    step: Step
    verdict: Ruling
    why: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Failure:
    """A command that ended with an exit code other than 0; `said` is its last line."""

    command: Command
    exit: int
    said: str

    def __str__(self) -> str:
        said = f": {self.said}" if self.said else ""
        return f"{named(self.command)} ended with exit code {self.exit}{said}"


@dataclass(frozen=True, slots=True)
class Finding:
    """A task and how sure trying has made it; `seen` is what its check said."""

    task: Task
    sureness: Sureness
    seen: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a step that was tried.

    `skipped` are the reasons why commands were not typed, `stopped` why the step was
    not done to its end.
    """

    step: Step
    findings: tuple[Finding, ...] = ()
    failures: tuple[Failure, ...] = ()
    skipped: tuple[str, ...] = ()
    stopped: str = ""

    @property
    def is_as_inferred(self) -> bool:
        doubts = [each for each in self.findings if each.sureness in DOUBTS]
        return not (doubts or self.failures or self.stopped)


def named(command: Command) -> str:
    """Return the place of a command and its first line."""
    first, _, more = command.text.strip().partition("\n")
    return f"{command.source}: `{first}{' …' if more else ''}`"
