"""Lab machines on this host: up, down, found, listed.

One function undoes a machine, from what is on disk, whether it is asked for, was
interrupted or finds what a crash has left.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from checks.doors.contained import ENV, Contained
from lab_runner.errors import UsageError
from lab_runner.formats import definitions
from lab_runner.machines import (
    backends,
    cgroups,
    checkpoints,
    folder,
    limits,
    locks,
    lookup,
    state,
)
from lab_runner.machines import host as this_host
from lab_runner.machines.image import layers
from lab_runner.machines.lookup import find
from lab_runner.machines.mirror import catalogue, mirror
from lab_runner.machines.network import bridge, networks
from lab_runner.machines.network.plan import DEFAULT, ISOLATED
from lab_runner.machines.progress import Progress
from lab_runner.machines.signals import deferred, raised
from lab_runner.machines.start import start
from lab_runner.machines.state import Host, MachineRecord
from lab_runner.model import MachineSpec

__all__ = [
    "attach",
    "build",
    "down",
    "find",
    "machines",
    "renew",
    "sweep",
    "up",
    "up_group",
]

PATIENCE = 15.0


def build(spec: MachineSpec, progress: Progress) -> None:
    """Build what a machine of this specification starts from, where it is missing."""
    this_host.require_root()
    this_host.require_tools()
    with raised(), layers.kept(progress):
        layers.ensure(definitions.resolve(spec), progress)


def up(
    name: str,
    spec: MachineSpec,
    progress: Progress,
    *,
    host: str | None = None,
    origin: Path | None = None,
) -> MachineRecord:
    """Start a machine and return its record once its systemd is ready.

    `host` is what it runs under, such as `docker`: see backends.choose.
    It begins with the disk `origin`, which was saved before, or with an empty one.
    Raises UsageError for a name that cannot be or is taken, MachineError else. Whatever
    stops it half-way, nothing of the machine is left.
    """
    spec = definitions.resolve(spec)
    network = ISOLATED if spec.isolated else DEFAULT
    wanted = MachineRecord(name, "starting", spec, network=network, host=_chosen(host))
    return _up(name, [wanted], progress, origin)[0]


def up_group(
    name: str,
    specs: Mapping[str, MachineSpec],
    progress: Progress,
    *,
    host: str | None = None,
) -> list[MachineRecord]:
    """Start the machines of a lab, by member, on a network of their own: all or none.

    Raises as `up` does. Member `web` of the group `lab` is the machine `lab-web`.
    """
    if name in (DEFAULT, ISOLATED):
        raise UsageError(
            f"`{name}` cannot be the name of a group", "choose another name"
        )
    under = _chosen(host)
    wanted = [
        MachineRecord(
            name=f"{name}-{member}",
            state="starting",
            spec=definitions.resolve(spec),
            host=under,
            network=name,
            group=name,
            member=member,
            members=tuple(specs),
        )
        for member, spec in specs.items()
    ]
    return _up(name, wanted, progress)


def down(name: str) -> list[str]:
    """End a machine or a group of them, throw away all of it, and return the names.

    Raises lookup.Unknown if there is none.
    """
    this_host.require_root()
    with _turns([name], PATIENCE):
        names = _members(name) or [name]
        with _turns(set(names) - {name}, PATIENCE), deferred():
            if not set(names) & set(state.names()):
                raise lookup.unknown(name, "labrun machine list")
            for each in names:
                _undo(each)
            return names


def renew(
    name: str, progress: Progress, *, origin: Path | None = None
) -> list[MachineRecord]:
    """Replace a machine, or each of a group, by a new one of the same specification.

    One machine may begin with a disk that was saved, as with `up`.
    """
    this_host.require_root()
    old = list(lookup.members(name).values()) or [lookup.record(name)]
    down(name)
    wanted = [replace(record, state="starting", keeper=None) for record in old]
    return _up(name, wanted, progress, origin)


def machines() -> list[MachineRecord]:
    """Return all machines, after cleaning up what crashes have left."""
    this_host.require_root()
    sweep()
    return state.records()


def attach(machine: Contained, argv: Sequence[str]) -> int:
    """Run a program inside on the caller's own pipes; return its exit code."""
    return this_host.attach(machine.joining(argv), ENV)


def sweep() -> None:
    """Undo machines that nobody is at work on and that do not run; mend the network."""
    layers.sweep()
    checkpoints.sweep()
    for group in {r.group for r in state.records() if r.group and r.starting}:
        with suppress(locks.Busy):
            _undo_cut_off(group)
    for name in state.names():
        with suppress(locks.Busy), _turns([name]):
            _undo_orphan(name)
    with networks.locked():
        _settle()
    locks.tidy(folder.locks())


def _up(
    name: str,
    wanted: Sequence[MachineRecord],
    progress: Progress,
    origin: Path | None = None,
) -> list[MachineRecord]:
    names = [record.name for record in wanted]
    for each in (name, *names):
        state.check_name(each)
    this_host.require_root()
    this_host.require_tools()
    folder.prepare()
    limits.require_room()
    with raised():
        sweep()
        with _turns({name, *names}), layers.kept(progress):
            _require_absent(name, names)
            built = [_built(record, progress) for record in wanted]
            images = [image for record in wanted for image in record.spec.registry]
            catalogue.require(images, progress)
            progress(f"starting {' and '.join(names)}")
            try:
                for each in names:
                    _undo_orphan(each)
                return start(built, origin)
            except BaseException:
                with deferred():
                    for each in names:
                        _undo(each)
                raise


def _chosen(host: str | None) -> Host:
    this_host.require_root()
    return backends.choose(host)


def _built(record: MachineRecord, progress: Progress) -> MachineRecord:
    trees = layers.ensure(record.spec, progress)
    backends.of(record.host).prepare(trees, progress)
    return replace(record, trees=tuple(map(str, trees)))


def _undo_cut_off(group: str) -> None:
    """Undo a group of which some machine never came up."""
    with _turns([group]), _turns(_members(group)):
        records = list(lookup.members(group).values())
        if any(record.starting for record in records):
            # The one by which it is known goes last.
            for record in sorted(records, key=lambda each: each.starting):
                _undo(record.name)


def _members(group: str) -> list[str]:
    return [record.name for record in lookup.members(group).values()]


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
    with networks.locked():
        _settle()


def _settle() -> None:
    """Have the networks and the mirror as long as there are machines, no longer."""
    if state.names():
        plan = networks.settle(record.network for record in state.records())
        mirror.mend(plan.default.gateway)
    else:
        mirror.stop()
        networks.take_down()
        cgroups.tidy()


@contextmanager
def _turns(names: Iterable[str], wait: float = 0.0) -> Iterator[None]:
    """Have these machines and groups to ourselves; raises Busy where another has one."""
    with ExitStack() as turns:
        for name in sorted(names):
            state.check_name(name)
            busy = (
                f"machine `{name}` is just being started or stopped by another labrun"
            )
            lock = folder.locks() / f"machine-{name}"
            turns.enter_context(locks.held(lock, busy, wait=wait))
        yield


def _require_absent(name: str, names: Sequence[str]) -> None:
    group = [r.name for r in lookup.members(name).values() if r.alive]
    if group:
        raise UsageError(
            f"there is a group of machines `{name}` already: {', '.join(group)}",
            f"labrun machine shell {group[0]}, or labrun machine down {name}",
        )
    for each in (name, *names):
        record = state.load(each)
        if record and record.alive:
            raise UsageError(
                f"there is a machine `{each}` already",
                f"labrun machine shell {each}, or labrun machine down {each}",
            )
