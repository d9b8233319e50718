"""How far a long piece of work has come, one line at a time."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable

Progress = Callable[[str], None]

ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
# apt's own reports (README.progress-reporting), mmdebstrap's stages, its bar.
APT = re.compile(r"(?P<work>dl|pm)status:[^:]*:(?P<percent>[\d.]+):")
WORK = {"dl": "downloading packages", "pm": "installing packages"}
STAGE = re.compile(
    r"I: (?P<stage>(?:running apt|downloading|extracting|installing).*)\.\.\."
)
BAR = re.compile(r"(?:\w+:)?\s*(?P<percent>[\d.]+) \[")
FAULT = re.compile(r"(?:E|tar): (?P<what>.*)")
STEP = 10


class Reporter:
    """Turns the output of mmdebstrap and apt into lines of progress.

    A line is told when it says something new, at most every ten per cent. `reason` is
    for the sentence that reports a failure.
    """

    def __init__(self, what: str, tell: Progress) -> None:
        self.what = what
        self._tell = tell
        self._stage = ""
        self._told = ""
        self._said: deque[str] = deque(maxlen=20)

    def __call__(self, text: str) -> None:
        line = ESCAPES.sub("", text).strip()
        if found := APT.match(line):
            self._report(WORK[found["work"]], found["percent"])
        elif found := STAGE.match(line):
            self._stage = found["stage"]
            self._report(self._stage)
        elif found := BAR.match(line):
            self._report(self._stage, found["percent"])
        elif line:
            self._said.append(line)

    @property
    def reason(self) -> str:
        """What the program said of its failure, without its own marks."""
        # Of several errors the first is the cause of the others.
        for line in self._said:
            if found := FAULT.match(line):
                return found["what"]
        return self._said[-1] if self._said else "it said nothing"

    def _report(self, stage: str, percent: str = "") -> None:
        if not stage:
            return
        done = f" {int(float(percent)) // STEP * STEP} %" if percent else ""
        line = f"{self.what}: {stage}{done}"
        if line != self._told:
            self._told = line
            self._tell(line)
