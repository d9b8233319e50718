"""What a container of Docker is doing, in words."""

from __future__ import annotations

import signal
import time
from contextlib import suppress

from checks.docker.containers import Container
from checks.times import ago

SHOWN = 200


def condition(found: Container) -> str:
    match found.state:
        case "created":
            why = f": {found.error[:SHOWN]}" if found.error else ""
            return f"was never started{why}"
        case "exited":
            return f"exited with code {found.exit}{_cause(found)}{_when(found)}"
        case "restarting":
            times = f" ({found.restarts} times so far)" if found.restarts else ""
            last = f"last exit code {found.exit}{_cause(found)}"
            return f"keeps restarting{times}, {last}"
    return f"is {found.state}"


def _when(found: Container) -> str:
    return "" if found.ended is None else f", {ago(time.time() - found.ended)}"


def _cause(found: Container) -> str:
    if found.out_of_memory:
        return " (out of memory)"
    with suppress(ValueError):
        # A shell's convention that Docker follows: 128+N after signal N.
        return f" ({signal.Signals((found.exit or 0) - 128).name})"
    return ""
