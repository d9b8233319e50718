"""Errors of system calls over there, from the words that every program says them in."""

from __future__ import annotations

import errno
import os

CODES = {os.strerror(code): code for code in errno.errorcode}


def of(stderr: bytes, path: str) -> OSError:
    """Return the error behind a program's message, `PROGRAM: …: REASON`."""
    said = stderr.decode(errors="replace").strip()
    reason = said.rpartition("\n")[2].rpartition(": ")[2]
    if reason in CODES:
        return OSError(CODES[reason], reason, path)
    return OSError(said or "the program that looks at it said nothing")


def say_absent(stderr: bytes) -> bool:
    """Whether every message says that something is not there."""
    lines = stderr.splitlines()
    return all(isinstance(of(line, ""), FileNotFoundError) for line in lines)
