"""Starting machines that belong together: none is up before all of them are."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from lab_runner.errors import MachineError
from lab_runner.machines import backends, lookup, state
from lab_runner.machines.mirror import mirror
from lab_runner.machines.network import bridge, networks
from lab_runner.machines.network.plan import Plan
from lab_runner.machines.state import MachineRecord

# The upper addresses of a network are left to registries.
ROOM = range(2, 240)


def start(wanted: Sequence[MachineRecord], origin: Path | None) -> list[MachineRecord]:
    """Boot machines on one network, side by side; return their records.

    The first begins with the saved disk `origin`, if any, the others with empty ones.
    Until all are ready each is written down as starting, so that whoever finds one left
    over knows that the others are worth nothing either.
    """
    with networks.locked():
        plan = _network(wanted)
        claimed = [_claim(record, plan) for record in wanted]
    with ThreadPoolExecutor(len(claimed)) as aside:
        registry = aside.submit(_mirror, plan.default.gateway)
        boots = [aside.submit(_boot, record, plan) for record in claimed[1:]]
        # In the main thread, where an interruption ends the waiting at once.
        booted = [_boot(claimed[0], plan, origin), *(boot.result() for boot in boots)]
        registry.result()
    now = time.time()
    running = [replace(record, state="running", created=now) for record in booted]
    for record in running:
        state.save(record)
    return running


def _network(wanted: Sequence[MachineRecord]) -> Plan:
    """Have the network; members could relay for one another, so one closes it to all."""
    return networks.ensure(
        wanted[0].network,
        outside=not any(record.spec.isolated for record in wanted),
        shared=bool(wanted[0].group),
    )


def _claim(wanted: MachineRecord, plan: Plan) -> MachineRecord:
    """Write down a machine with an address that no other has; its old one if it had."""
    records = [state.load(each) for each in state.names()]
    taken = {record.number for record in records if record}
    room = [number for number in (wanted.number, *ROOM) if number in ROOM]
    free = [number for number in room if number not in taken]
    if not free:
        raise MachineError(
            "there is no room for another machine", "labrun machine list"
        )
    address = plan.named(wanted.network).address(free[0])
    record = replace(wanted, number=free[0], address=address, created=time.time())
    state.create(record)
    return record


def _boot(
    record: MachineRecord, plan: Plan, origin: Path | None = None
) -> MachineRecord:
    network = plan.named(record.network)
    return backends.of(record.host).start(
        record,
        [Path(tree) for tree in record.trees],
        _etc(record, plan),
        lambda pid: bridge.attach(network, record.number, pid, plan.route(network)),
        origin=origin,
    )


def _etc(record: MachineRecord, plan: Plan) -> dict[str, str]:
    fellows = lookup.members(record.group).values()
    own = [(each.address, each.member) for each in fellows]
    known = [("127.0.0.1", "localhost"), *(own or [("127.0.1.1", record.hostname)])]
    hosts = "".join(f"{address} {name}\n" for address, name in known)
    return {
        "hostname": f"{record.hostname}\n",
        "hosts": hosts + mirror.hosts(plan.default.gateway),
        "resolv.conf": networks.resolv_conf(plan.named(record.network)),
    }


def _mirror(gateway: str) -> None:
    if mirror.is_running():
        return
    with networks.locked():
        # An interrupted start may have been undone by now.
        if state.names():
            mirror.ensure(gateway)
