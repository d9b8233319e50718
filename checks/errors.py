"""Errors of checks: the reasons why a check could not tell.

CheckError
├── ToolMissing    a program the check needs is not on the machine
├── NotPermitted   the caller may not read or dial this
├── Unreachable    nothing answers where the daemon should be
├── TimedOut       it answered too late or not at all
├── UnknownMethod  the daemon answers, but does not offer what was asked
└── SpecError      the check itself is written wrong

A check raises nothing else; the engine turns each into an ERROR verdict.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class CheckError(Exception):
    """A check could not tell; `remedy` is the command or advice that fixes it."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class ToolMissing(CheckError):
    """A program that the check needs is not on the machine."""


class NotPermitted(CheckError):
    """The caller may not read this file or dial this socket."""


class Unreachable(CheckError):
    """Nothing answers where the daemon should be."""


class TimedOut(CheckError):
    """The machine answered too late or not at all."""


class UnknownMethod(CheckError):
    """The daemon has no such method, or does not offer the service of it."""


class SpecError(CheckError):
    """The check is written wrong.

    `path` is the chain of YAML keys that leads to the fault, so that a reader of lab
    files can point at line and column.
    """

    def __init__(
        self, message: str, remedy: str = "", path: tuple[str | int, ...] = ()
    ) -> None:
        super().__init__(message, remedy)
        self.path = path


@contextmanager
def at(*keys: str | int) -> Iterator[None]:
    """Put `keys` before the path of any SpecError raised inside."""
    try:
        yield
    except SpecError as error:
        raise SpecError(error.message, error.remedy, (*keys, *error.path)) from None
