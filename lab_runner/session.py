"""A session: one learner, one lab, its machines, and the journal that remembers."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from checks.words import did_you_mean
from lab_runner import course, loading
from lab_runner.errors import LabrunError, MachineError, UsageError
from lab_runner.journal import Event, EventKind, Journal
from lab_runner.model import Lab, Step
from lab_runner.progress import KINDS, Progress, fold, started_from
from lab_runner.recording.witness import Recorded
from lab_runner.state import learner_name

if TYPE_CHECKING:
    from lab_runner.engine import Door, DoorOf

SERVER = "ssh://"


class Session:
    """A lab as one learner takes it; opens a door to a machine when first asked.

    `containerd` is what checks ask that name none: a socket or a flavour, or empty.
    """

    def __init__(
        self, journal: Journal, lab: Lab, key: str, progress: Progress
    ) -> None:
        self.journal = journal
        self.lab = lab
        self.key = key
        self.progress = progress
        self.containerd = ""
        self._doors: dict[str, Door] = {}

    def door_of(self, machine: str = "") -> Door:
        """Return the door to one of the lab's machines; empty is the first.

        Raises MachineError and CheckError where it cannot be opened.
        """
        name = self.name_of(machine)
        if name not in self._doors:
            self._doors[name] = self.open(name)
        return self._doors[name]

    def doors_at(self, step: Step) -> DoorOf:
        """Return `door_of` for a step's checks: they may ask what happened during it."""
        since = self._began(step)

        def door_of(machine: str) -> Door:
            door = self.door_of(machine)
            name = self.name_of(machine)
            door.witness = None if since is None else Recorded(self.key, name, since)
            return door

        return door_of

    def name_of(self, machine: str = "") -> str:
        """Return what one of the lab's machines is called on this host.

        Raises UsageError for one that the lab does not have.
        """
        names = self.machines
        if machine and machine not in names:
            raise UsageError(
                f"lab `{self.lab.id}` has no machine"
                f" `{machine}`{did_you_mean(machine, names)}",
                f"name one of {', '.join(names)}"
                if self.lab.machines
                else "it has only one: leave the name out",
            )
        return names[machine] if machine else next(iter(names.values()))

    @property
    def machines(self) -> dict[str, str]:
        """The names of the lab's machines, by member; an only machine has no name."""
        name = self.progress.machine
        return {each: f"{name}-{each}" for each in self.lab.machines} or {"": name}

    @property
    def reference(self) -> str:
        """What `labrun start` takes for this lab: its id, or the path of its file."""
        return self.key if self.key == self.lab.id else self.progress.path

    @property
    def on_lab_machine(self) -> bool:
        return not self.on_server and self.progress.machine != "local"

    @property
    def on_server(self) -> bool:
        """Whether the lab is taken on somebody's server, reached by ssh."""
        return self.progress.machine.startswith(SERVER)

    def step(self, wanted: str | None) -> Step:
        """Return a step by its number or id; None is the current one, or the last."""
        if wanted is None:
            return self.progress.current(self.lab) or self.lab.steps[-1]
        if wanted.isdigit() and 1 <= int(wanted) <= len(self.lab.steps):
            return self.lab.steps[int(wanted) - 1]
        try:
            return self.lab.step(wanted)
        except KeyError:
            raise UsageError(
                f"lab `{self.lab.id}` has no step `{wanted}`",
                "`labrun status` lists the steps",
            ) from None

    def number(self, step: Step) -> int:
        return self.lab.steps.index(step) + 1

    def record(self, events: Iterable[Event]) -> None:
        """Write events and take them into the progress at hand.

        Where the lab is taken stays as it is: `--on` may have said another machine.
        """
        written = list(events)
        if written:
            self.journal.append(written)
            machine = self.progress.machine
            self.progress = fold(self.journal.events(self.key, KINDS))
            self.progress.machine = machine

    def shown(self, step: Step) -> None:
        """Remember that the learner has seen a step."""
        if step.id not in self.progress.shown:
            self.record([self.event("shown", step.id)])

    def event(
        self, kind: EventKind, step: str = "", task: str = "", **data: object
    ) -> Event:
        return Event(kind, self.key, self.lab.digest, step, task, data)

    def close(self) -> None:
        """Close the doors that are open; each opens again when it is asked for."""
        while self._doors:
            self._doors.popitem()[1].close()

    def _began(self, step: Step) -> float | None:
        """Return when the learner was shown a step, if that has been."""
        if step.id not in self.progress.shown:
            return None
        shown = self.journal.events(self.key, ("shown",))
        last = [event.at for event in shown if event.step == step.id][-1:]
        return datetime.fromisoformat(last[0]).timestamp() if last else None

    def _require_trust(self) -> None:
        """Raise unless what a lab of another system runs is meant to run here."""
        if not self.lab.made_for or self.on_lab_machine or self.progress.trusted:
            return
        raise UsageError(
            f"lab `{self.lab.id}` was written for {self.lab.made_for}, and its scripts"
            f" would run on `{self.progress.machine}`",
            f"`labrun machine up NAME --lab {self.reference}` and `labrun start"
            f" {self.reference} --on NAME`; or add `--trust` to `labrun start` if you"
            " have read them",
        )

    def open(self, name: str) -> Door:
        """Open one more door to a machine of the lab; raises as `door_of` does."""
        door = self._reached(name)
        if self.containerd:
            from checks.containerd import connect  # noqa: PLC0415  (hardly ever used)

            connect.give(door, self.containerd)
        return door

    def _reached(self, name: str) -> Door:
        self._require_trust()
        try:
            return open_door(name)
        except MachineError as error:
            if not self.lab.machines:
                raise
            group = self.progress.machine
            again = f"labrun machine up {group} --lab {self.reference}"
            remedy = f"`labrun machine down {group}`, then `{again}`"
            raise MachineError(error.message, remedy) from None


def open_door(machine: str) -> Door:
    """Return the door to `local`, to a server's URL or to a lab machine.

    Raises UsageError, MachineError and CheckError.
    """
    if machine == "local":
        from checks.doors.machine import Local  # noqa: PLC0415  (keeps reading fast)

        return Local()
    if machine.startswith(SERVER):
        from checks.doors.ssh.server import Server  # noqa: PLC0415  (as above)

        try:
            return Server(machine)
        except ValueError as error:
            raise UsageError(str(error), "write `ssh://user@host:port`") from None
    from lab_runner.machines import lookup  # noqa: PLC0415  (as above)

    return lookup.find(machine)


def start(
    journal: Journal, wanted: str, machine: str, *, trusted: bool = False
) -> Session:
    """Begin or go on with a lab, given by id or path, on a machine.

    A `trusted` lab of another system may run its scripts outside of lab machines.
    Whoever calls this shows the learner the step that is due.
    """
    path = course.locate(wanted)
    lab = loading.load(path, journal.seed(), journal.folder)
    where = str(path.absolute())
    session = Session(journal, lab, key_of(lab, path), Progress(machine, where))
    session.progress.trusted = trusted
    try:
        _require_machines(session)
    except BaseException:
        session.close()  # nobody else has it yet
        raise
    began = session.event("started", path=where, machine=machine, trusted=trusted)
    session.record([began])
    _assign_machines(session)
    session.shown(session.step(None))
    return session


def _assign_machines(session: Session) -> None:
    if not session.on_lab_machine:
        return
    from lab_runner.machines import lookup  # noqa: PLC0415  (keeps reading fast)

    for name in session.machines.values():
        lookup.assign(name, session.key, learner_name())


def _require_machines(session: Session) -> None:
    """Raise unless a lab is started on as many machines as it asks for."""
    lab, name, reference = session.lab, session.progress.machine, session.reference
    has = _members(name)
    if has and not lab.machines:
        raise UsageError(
            f"`{name}` is a group of machines ({', '.join(has)}),"
            f" and lab `{lab.id}` takes one",
            f"`labrun start {reference} --on {name}-{next(iter(has))}`",
        )
    missing = [each for each in lab.machines if each not in has]
    if missing:
        kind = f"has no `{missing[0]}`" if has else "is not a group of them"
        raise UsageError(
            f"lab `{lab.id}` takes the machines {', '.join(lab.machines)},"
            f" and `{name}` {kind}",
            f"`labrun machine up NAME --lab {reference}`, then"
            f" `labrun start {reference} --on NAME`",
        )
    for member in session.machines:
        session.door_of(member).stat("/")  # a server is only now waited for


def _members(name: str) -> Collection[str]:
    """Return the members of a group of lab machines; none of anything else."""
    if name == "local" or name.startswith(SERVER):
        return ()
    from lab_runner.machines import lookup  # noqa: PLC0415  (keeps reading fast)

    return lookup.members(name)


def current(journal: Journal, wanted: str | None = None) -> Session:
    """Return the lab last started, or the started lab that is asked for."""
    started = {
        event.lab: path
        for event in journal.latest(("started", "stopped"))
        if event.kind == "started" and (path := started_from(event))
    }
    for key, path in started.items():
        if wanted is None or wanted in (key, key.partition("@")[0]):
            return _resume(journal, key, Path(path))
    if wanted:
        raise UsageError(
            f"lab `{wanted}` has not been started", f"`labrun start {wanted}`"
        )
    raise UsageError("no lab has been started", "`labrun list` shows what there is")


def key_of(lab: Lab, path: Path) -> str:
    """Return what progress is kept under: files of the same name stay apart."""
    if path.absolute().is_relative_to(course.labs_root().absolute()):
        return lab.id
    where = hashlib.sha256(os.fsencode(path.absolute())).hexdigest()
    return f"{lab.id}@{where[:8]}"


def _resume(journal: Journal, key: str, path: Path) -> Session:
    if not path.exists():
        raise LabrunError(
            f"lab `{key}` was started from `{path}`, which is no longer there",
            "start it from where it is now: `labrun start PATH`",
        )
    progress = fold(journal.events(key, KINDS))
    lab = loading.load(path, journal.seed(), journal.folder)
    return Session(journal, lab, key, progress)
