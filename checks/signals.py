"""Signals in the exit codes of processes that one ended: 128+N after signal N."""

from __future__ import annotations

import signal


def worded(code: int) -> str:
    """Return `, ended by SIGKILL` for 137, and nothing for a code without a signal."""
    try:
        return f", ended by {signal.Signals(code - 128).name}"
    except ValueError:
        return ""
