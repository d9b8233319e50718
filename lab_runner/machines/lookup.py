"""Finding a running machine; apart from making them, because every check begins so."""

from __future__ import annotations

from checks.doors.contained import Contained
from checks.words import did_you_mean
from lab_runner.errors import MachineError
from lab_runner.machines import host, state
from lab_runner.machines.state import MachineRecord


def find(name: str) -> Contained:
    """Return the door to a running machine; raises MachineError if there is none."""
    host.require_root()
    found = record(name)
    if not found.alive:
        raise MachineError(
            f"machine `{name}` is not running", f"labrun machine up {name}"
        )
    leader = found.leader
    if leader is None:
        raise MachineError(f"machine `{name}` is just rebooting", "try again")
    return Contained(name, leader.pid)


def record(name: str) -> MachineRecord:
    """Return what is written of a machine; raises MachineError if there is none."""
    found = state.load(name)
    if found is None:
        raise unknown(name)
    return found


def members(group: str) -> dict[str, MachineRecord]:
    """Return the machines of a group by member, in the order of their lab.

    There are none where the name is that of one machine, or of something else.
    """
    if not state.NAME.fullmatch(group):
        return {}
    host.require_root()
    records = [state.load(n) for n in state.names() if n.startswith(f"{group}-")]
    found = [record for record in records if record and record.group == group]
    found.sort(key=lambda record: record.members.index(record.member))
    return {record.member: record for record in found}


def unknown(name: str) -> MachineError:
    near = did_you_mean(name, state.names())
    return MachineError(
        f"there is no machine `{name}`{near}", f"labrun machine up {name}"
    )
