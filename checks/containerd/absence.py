"""Why no containerd answers, told from its unit."""

from __future__ import annotations

from contextlib import suppress

from checks.containerd.flavours import DISTRIBUTION, Flavour
from checks.doors.dial import NothingListens
from checks.doors.machine import Machine
from checks.errors import CheckError
from checks.host import systemd
from checks.host.systemd import Unit

INSTALL = "apt-get install containerd"


def explained(
    machine: Machine, flavour: Flavour, error: NothingListens
) -> NothingListens:
    """Return the error with what systemd says of the unit behind the socket.

    A look that goes wrong explains less and decides nothing.
    """
    start = f"{flavour.systemctl} start {flavour.unit}"
    if flavour.systemctl == "systemctl":  # a user's own manager is not asked
        with suppress(CheckError):
            unit = systemd.unit(machine, f"{flavour.unit}.service")
            said, remedy = _told(machine, flavour, unit)
            return NothingListens(f"{error.message}, and {said}", remedy or start)
    return NothingListens(error.message, start)


def _told(machine: Machine, flavour: Flavour, unit: Unit) -> tuple[str, str]:
    """Word the state of a unit that should listen, and the command that mends it."""
    journal = f"journalctl -u {flavour.unit}"
    restarting = unit.sub_state == "auto-restart"
    match unit.load_state, unit.active_state:
        case "not-found", _:
            install = INSTALL if flavour is DISTRIBUTION else ""
            return f"there is no unit `{unit.name}`", install
        case "masked", _:
            unmask = f"systemctl unmask {flavour.unit}"
            return (
                f"`{unit.name}` is masked",
                f"{unmask} && systemctl start {flavour.unit}",
            )
        case _, "failed":
            return f"`{unit.name}` has failed{_cause(machine, unit)}", journal
        case _, "activating" if restarting:
            return f"`{unit.name}` is restarted{_cause(machine, unit)}", journal
        case _, "activating" | "reloading":
            return f"`{unit.name}` is just starting", f"systemctl status {flavour.unit}"
        case _, "active":
            return f"`{unit.name}` is active all the same", journal
    return f"`{unit.name}` is stopped", ""


def _cause(machine: Machine, unit: Unit) -> str:
    last = systemd.last_words(machine, unit)
    return f" ({unit.cause})" + (f": {last}" if last else "")
