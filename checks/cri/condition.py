"""What a container in a pod is doing, in words."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from checks import signals
from checks.cri.objects import moment
from checks.findings import shown
from checks.times import ago

if TYPE_CHECKING:
    from checks.cri.proto.runtime_pb2 import ContainerStatus


def condition(state: str, found: ContainerStatus) -> str:
    match state:
        case "created":
            return "was never started"
        case "exited":
            code = found.exit_code
            return (
                f"exited with code {code}{signals.worded(code)}"
                f"{_cause(found)}{_when(found)}"
            )
    return f"is {state}"


def _cause(found: ContainerStatus) -> str:
    said = ": ".join(filter(None, (found.reason, found.message)))
    return f" ({shown(said)})" if said else ""


def _when(found: ContainerStatus) -> str:
    ended = moment(found.finished_at)
    return f", {ago(time.time() - ended)}" if ended else ""
