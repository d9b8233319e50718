"""Lab machines on this host: up, down, found, listed.

One function undoes a machine, from what is on disk, whether it is asked for, was
interrupted or finds what a crash has left.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from checks.doors.contained import ENV, Contained
from lab_runner.errors import MachineError, UsageError
from lab_runner.machines import backends, cgroups, folder, locks, lookup, state
from lab_runner.machines import host as this_host
from lab_runner.machines.image import layers
from lab_runner.machines.lookup import find
from lab_runner.machines.mirror import mirror
from lab_runner.machines.network import bridge
from lab_runner.machines.network.bridge import Network
from lab_runner.machines.progress import Progress
from lab_runner.machines.signals import deferred, raised
from lab_runner.machines.state import Host, MachineRecord
from lab_runner.model import MachineSpec

__all__ = ["attach", "build", "down", "find", "machines", "renew", "sweep", "up"]

ROOM = range(2, 255)
PATIENCE = 15.0


def build(spec: MachineSpec, progress: Progress) -> None:
    """Build what a machine of this specification starts from, where it is missing."""
    this_host.require_root()
    this_host.require_tools()
    with raised(), layers.kept(progress):
        layers.ensure(spec, progress)


def up(
    name: str,
    spec: MachineSpec,
    progress: Progress,
    *,
    host: Host = "nspawn",
    origin: Path | None = None,
) -> MachineRecord:
    """Start a machine and return its record once its systemd is ready.

    It begins with the disk `origin`, which was saved before, or with an empty one.
    Raises UsageError for a name that cannot be or is taken, MachineError else. Whatever
    stops it half-way, nothing of the machine is left.
    """
    state.check_name(name)
    this_host.require_root()
    this_host.require_tools()
    folder.prepare()
    with raised(), _turn(name):
        _require_absent(name)
        with layers.kept(progress):
            trees = layers.ensure(spec, progress)
            progress(f"starting machine {name}")
            try:
                _undo_orphan(name)
                sweep()
                return _start(name, spec, trees, host, origin)
            except BaseException:
                with deferred():
                    _undo(name)
                raise


def down(name: str) -> None:
    """End a machine and throw away all of it; raises MachineError if there is none."""
    this_host.require_root()
    with _turn(name, PATIENCE):
        if name not in state.names():
            raise lookup.unknown(name)
        with deferred():
            _undo(name)


def renew(
    name: str, progress: Progress, *, origin: Path | None = None
) -> MachineRecord:
    """Replace a machine by a new one of the same specification; see `up`."""
    this_host.require_root()
    record = lookup.record(name)
    down(name)
    return up(name, record.spec, progress, host=record.host, origin=origin)


def machines() -> list[MachineRecord]:
    """Return all machines, after cleaning up what crashes have left."""
    this_host.require_root()
    sweep()
    return [record for name in state.names() if (record := state.load(name))]


def attach(machine: Contained, argv: Sequence[str]) -> int:
    """Run a program inside on the caller's own pipes; return its exit code."""
    return this_host.attach(machine.joining(argv), ENV)


def sweep() -> None:
    """Undo machines that nobody is at work on and that do not run; mend the network."""
    layers.sweep()
    for name in state.names():
        with suppress(locks.Busy), _turn(name):
            _undo_orphan(name)
    with bridge.locked():
        _settle()
    locks.tidy(folder.locks())


def _start(
    name: str,
    spec: MachineSpec,
    trees: Sequence[Path],
    host: Host,
    origin: Path | None,
) -> MachineRecord:
    with bridge.locked():
        net = bridge.ensure()
        record = _claim(name, spec, net, host)
        record = replace(record, trees=tuple(map(str, trees)))
        state.save(record)
    with ThreadPoolExecutor(1) as aside:
        registry = aside.submit(_mirror, net.gateway)
        record = backends.of(record.host).start(
            record,
            trees,
            _etc(record, net),
            lambda pid: bridge.attach(net, record.number, pid),
            origin=origin,
        )
        registry.result()
    record = replace(record, state="running", created=time.time())
    state.save(record)
    return record


def _mirror(gateway: str) -> None:
    if mirror.is_cache():
        return
    upstream = mirror.answering_upstream()
    with bridge.locked():
        # An interrupted start may have been undone by now.
        if state.names():
            mirror.ensure(gateway, upstream)


def _undo_orphan(name: str) -> None:
    record = state.load(name)
    if name in state.names() and not (record and record.alive):
        _undo(name)


def _undo(name: str) -> None:
    record = state.load(name)
    backends.end(name, record)
    if record:
        bridge.detach(record.number)
    state.delete(name)
    with bridge.locked():
        _settle()


def _settle() -> None:
    """Have the network and the mirror as long as there are machines, no longer."""
    if state.names():
        mirror.mend(bridge.ensure().gateway)
    else:
        mirror.stop()
        bridge.take_down()
        cgroups.tidy()


def _claim(name: str, spec: MachineSpec, net: Network, host: Host) -> MachineRecord:
    """Write down a new machine with an address that no other machine has."""
    records = [state.load(each) for each in state.names()]
    taken = {record.number for record in records if record}
    free = [number for number in ROOM if number not in taken]
    if not free:
        raise MachineError(
            "there is no room for another machine", "labrun machine list"
        )
    record = MachineRecord(
        name=name,
        state="starting",
        spec=spec,
        number=free[0],
        address=net.address(free[0]),
        created=time.time(),
        host=host,
    )
    state.create(record)
    return record


def _etc(record: MachineRecord, net: Network) -> dict[str, str]:
    hosts = (
        f"127.0.0.1 localhost\n127.0.1.1 {record.hostname}\n{mirror.hosts(net.gateway)}"
    )
    return {
        "hostname": f"{record.hostname}\n",
        "hosts": hosts,
        "resolv.conf": bridge.resolv_conf(),
    }


@contextmanager
def _turn(name: str, wait: float = 0.0) -> Iterator[None]:
    state.check_name(name)
    busy = f"machine `{name}` is just being started or stopped by another labrun"
    with locks.held(folder.locks() / f"machine-{name}", busy, wait=wait):
        yield


def _require_absent(name: str) -> None:
    record = state.load(name)
    if record and record.alive:
        raise UsageError(
            f"there is a machine `{name}` already",
            f"labrun machine shell {name}, or labrun machine down {name}",
        )
