"""What is shown on standard error while one waits."""

from __future__ import annotations

import re
import sys
from typing import Self

from lab_runner.cli import terminal


class Counting:
    """A line on standard error that says how far a check has come."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._shown = sys.stderr.isatty()
        self._draw()

    def __call__(self, _: object) -> None:
        self._done += 1
        self._draw()

    def clear(self) -> None:
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def _draw(self) -> None:
        if self._shown and self._total:
            line = f"\r\x1b[K  checking {self._done} of {self._total} …"
            print(line, end="", file=sys.stderr, flush=True)


class ProgressLine:
    """Progress on standard error: one line that moves, or a line for each stage."""

    def __init__(self) -> None:
        self._moving = sys.stderr.isatty()
        self._stage = ""

    def __call__(self, line: str) -> None:
        if self._moving:
            self._draw(line[: terminal.style(sys.stderr).width - 1])
            return
        stage = re.sub(r" \d+ %$", "", line)
        if stage != self._stage:
            self._stage = stage
            print(stage, file=sys.stderr)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._moving:
            self._draw("")

    def _draw(self, line: str) -> None:
        print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)
