"""Errors of labrun and the exit codes they end a command with.

LabrunError           3  could not tell
├── UsageError        2  the command line asks for something that is not there
├── LabBroken         4  the lab's content is broken; carries every problem
├── JournalError      3  progress cannot be read or written
└── MachineError      3  a lab machine cannot be made or reached
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from lab_runner.model import Problem

HOLDS, DOES_NOT_HOLD, INTERRUPTED = 0, 1, 130


class LabrunError(Exception):
    """One sentence for the user, and the command that helps."""

    exit_code: ClassVar[int] = 3

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class UsageError(LabrunError):
    """The command line asks for something that is not there."""

    exit_code = 2


class LabBroken(LabrunError):
    """The lab's content is broken; `problems` are all its faults, in file order."""

    exit_code = 4

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class JournalError(LabrunError):
    """Progress cannot be read or written."""


class MachineError(LabrunError):
    """A lab machine cannot be made or reached."""
