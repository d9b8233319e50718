"""What became of a task."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from checks.verdict import Verdict
from lab_runner.model import Step, Task

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
