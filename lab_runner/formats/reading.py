"""What every reader of a format offers, and what reading a lab comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from lab_runner.model import Lab, Problem


@dataclass(slots=True)
class Counts:
    """What a lab of another system offers to click on."""

    commands: int = 0
    keystrokes: int = 0
    copies: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """A lab, and what was noticed of it that does not stop anybody from taking it.

    `inputs` are all files and folders that it was made of, as `Inputs` gathers them.
    `native` is the lab of another system as a native file, and `counts` what is on its
    pages.
    """

    lab: Lab
    problems: tuple[Problem, ...] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)
    native: str = ""
    counts: Counts = field(default_factory=Counts)


class Format(Protocol):
    """A way to write labs down; a module with these four names is one."""

    @property
    def NAME(self) -> str:  # noqa: N802  (a constant of the module)
        """What the format is called."""

    def claims(self, path: Path) -> bool:
        """Tell whether this file or folder is one lab of the format.

        Raises UsageError and LabBroken where that cannot be read.
        """

    def labs(self, folder: Path) -> Sequence[Path]:
        """Return the paths of the labs below a folder, in order."""

    def read(self, path: Path, seed: bytes) -> Reading:
        """Read a lab that the format claims, as one learner gets it.

        Raises LabBroken with everything that is wrong with it, else UsageError.
        """
