"""Why a daemon does not answer, told from its unit."""

from __future__ import annotations

from contextlib import suppress
from typing import Protocol

from checks.doors.dial import NothingListens
from checks.doors.machine import Machine
from checks.errors import CheckError
from checks.host import systemd
from checks.host.systemd import Unit

RESTARTING = "auto-restart"


class Daemon(Protocol):
    """The unit of a daemon, the `systemctl` for it, and what installs it or nothing."""

    @property
    def unit(self) -> str: ...
    @property
    def systemctl(self) -> str: ...
    @property
    def install(self) -> str: ...


def explained(
    machine: Machine, daemon: Daemon, error: NothingListens
) -> NothingListens:
    """Return the error with what systemd says of the unit behind the socket.

    A look that goes wrong explains less and decides nothing.
    """
    start = f"{daemon.systemctl} start {daemon.unit}"
    if daemon.systemctl == "systemctl":  # a user's own manager is not asked
        with suppress(CheckError):
            unit = systemd.unit(machine, f"{daemon.unit}.service")
            said, remedy = _told(machine, daemon, unit)
            return NothingListens(f"{error.message}, and {said}", remedy or start)
    return NothingListens(error.message, start)


def _told(machine: Machine, daemon: Daemon, unit: Unit) -> tuple[str, str]:
    """Word the state of a unit that should listen, and the command that mends it."""
    journal = f"journalctl -u {daemon.unit}"
    match unit.load_state, unit.active_state:
        case "not-found", _:
            return f"there is no unit `{unit.name}`", daemon.install
        case "masked", _:
            unmask = f"systemctl unmask {daemon.unit}"
            return (
                f"`{unit.name}` is masked",
                f"{unmask} && systemctl start {daemon.unit}",
            )
        case _, "failed":
            return f"`{unit.name}` has failed{_cause(machine, unit)}", journal
        case _, "activating" if unit.sub_state == RESTARTING:
            return f"`{unit.name}` is restarted{_cause(machine, unit)}", journal
        case _, "activating" | "reloading":
            return f"`{unit.name}` is just starting", f"systemctl status {daemon.unit}"
        case _, "active":
            return f"`{unit.name}` is active all the same", journal
    return f"`{unit.name}` is stopped", ""


def _cause(machine: Machine, unit: Unit) -> str:
    last = systemd.last_words(machine, unit)
    return f" ({unit.cause})" + (f": {last}" if last else "")
