"""Finding a running machine; apart from making them, because every check begins so."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from checks.doors.contained import Contained
from checks.words import did_you_mean
from lab_runner.errors import MachineError
from lab_runner.machines import host, state
from lab_runner.machines.state import MachineRecord


class Unknown(MachineError):
    """There is no machine of this name."""


def find(name: str, member: str = "") -> Contained:
    """Return the door to a running machine; raises MachineError if there is none.

    The name may be that of a group: its machine `member`, or else the lab's first.
    """
    host.require_root()
    found = _chosen(name, member)
    if not found.alive:
        raise MachineError(
            f"machine `{found.name}` is not running",
            _again(found.group) if found.group else f"labrun machine up {name}",
        )
    leader = found.leader
    if leader is None:
        raise MachineError(f"machine `{found.name}` is just rebooting", "try again")
    return Contained(found.name, leader.pid)


def record(name: str) -> MachineRecord:
    """Return what is written of a machine; raises MachineError if there is none."""
    found = state.load(name)
    if found is None:
        raise unknown(name)
    return found


def assign(name: str, lab: str, learner: str) -> None:
    """Write down who takes which lab on a machine."""
    # It may be thrown away just now, and then nobody needs to know.
    with suppress(FileNotFoundError):
        if found := state.load(name):
            state.save(replace(found, lab=lab, learner=learner))


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


def _chosen(name: str, member: str) -> MachineRecord:
    found = members(name)
    if not found and not member:
        return record(name)
    if not found:
        raise MachineError(f"`{name}` is not a group of machines", _again(name))
    fellows = next(iter(found.values())).members
    wanted = member or fellows[0]
    if wanted in found:
        return found[wanted]
    if wanted in fellows:
        raise MachineError(f"machine `{name}-{wanted}` has gone", _again(name))
    raise MachineError(
        f"group `{name}` has no machine `{wanted}`{did_you_mean(wanted, fellows)}",
        f"its machines are {', '.join(fellows)}",
    )


def _again(group: str) -> str:
    return f"labrun machine down {group}, then labrun machine up {group} --lab LAB"


def unknown(name: str, remedy: str = "") -> Unknown:
    near = did_you_mean(name, state.names())
    return Unknown(
        f"there is no machine `{name}`{near}", remedy or f"labrun machine up {name}"
    )
