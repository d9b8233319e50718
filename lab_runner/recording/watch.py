"""Watching what the checks of a lab ask to have happened, while a shell is open."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import UTC, datetime
from typing import Any, Protocol

from checks.doors.dial import NothingListens
from checks.doors.machine import Machine
from checks.errors import CheckError
from lab_runner.errors import LabrunError
from lab_runner.model import Lab
from lab_runner.recording import commands, events
from lab_runner.recording.lines import Lines
from lab_runner.recording.programs import Programs

PAUSE = 0.1
CONTAINERD, KERNEL = "containerd", "kernel"


class Door(Machine, Protocol):
    """A machine whose connections can be closed, which ends what waits for them."""

    process: int

    def close(self) -> None: ...


OpenDoor = Callable[[str], Door]


class Watch:
    """Writes down what one containerd tells, from a thread of its own.

    It waits for a containerd that is not there yet: as long as none listens, nothing
    happens unseen.
    """

    def __init__(self, door: Door, address: str, lines: Lines) -> None:
        self._door = door
        self._address = address
        self._lines = lines
        self._is_over = threading.Event()
        self._is_watching: bool | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._is_over.set()
        self._door.close()  # which ends a call that waits
        self._thread.join(timeout=1)

    def _run(self) -> None:
        # Here and not above: gRPC takes its time to import, and the shell does not wait.
        from checks.containerd.connect import FOUND  # noqa: PLC0415

        while not self._is_over.is_set():
            try:
                self._listen()
            except NothingListens:
                self._door.forget(FOUND)
                self._mark(watching=True)
            except CheckError as error:
                if not self._is_over.is_set():
                    self._missed(error)
            self._is_over.wait(PAUSE)

    def _listen(self) -> None:
        from checks.containerd import happenings  # noqa: PLC0415  (as above)

        for event in happenings.listen(self._door, self._address or None, self._began):
            self._write(event)

    def _began(self) -> None:
        self._mark(watching=True)

    def _missed(self, error: CheckError) -> None:
        from checks.doors.rpc import Unavailable  # noqa: PLC0415  (as above)

        # A daemon that has ended tells nothing until it is back, and then is heard.
        if not isinstance(error, Unavailable):
            self._mark(watching=False, reason=error.message)

    def _mark(self, *, watching: bool, reason: str = "") -> None:
        if watching is not self._is_watching:
            self._is_watching = watching
            self._write({"watching": watching, "reason": reason})

    def _write(self, record: Mapping[str, Any]) -> None:
        told = {"time": time.time(), "source": CONTAINERD, "address": self._address}
        events.write(self._lines, self._door.name, {**told, **record})


@contextmanager
def watching(
    lab: Lab, key: str, name_of: Callable[[str], str], open_door: OpenDoor
) -> Iterator[None]:
    """Watch what the lab's checks ask of what has happened; nothing where they ask for none.

    `name_of` tells what a machine of the lab is called here, `open_door` opens one of
    the watcher's own. A machine that cannot be reached is not watched.
    """
    wanted = sorted(asked(lab))
    with ExitStack() as undo:
        lines = _lines(key) if wanted else None
        if lines:
            undo.callback(lines.close)
            for source, machine, address in wanted:
                with suppress(LabrunError, CheckError, OSError):
                    door = open_door(name_of(machine))
                    undo.callback(_watch(source, door, address, lines).close)
        yield


def _watch(source: str, door: Door, address: str, lines: Lines) -> Watch | Programs:
    if source == CONTAINERD:
        return Watch(door, address, lines)
    with closing(door):
        told = {"source": KERNEL, "address": ""}
        name = door.name
        return Programs(
            door.process, lambda record: events.write(lines, name, {**told, **record})
        )


def asked(lab: Lab) -> set[tuple[str, str, str]]:
    """Return who is to be watched for a lab's checks: source, machine and address."""
    tasks = (task for step in lab.steps for task in step.tasks)
    return {
        (source, task.machine, str(entry.get("address", "")))
        for task in tasks
        for entry in _entries(task.spec)
        if (source := _source(entry)) in (CONTAINERD, KERNEL)
    }


def _source(entry: Mapping[str, Any]) -> str:
    return KERNEL if "ran" in entry else str(entry.get("source", CONTAINERD))


def _entries(value: object) -> Iterator[Mapping[str, Any]]:
    """Yield what is written of `event` and `ran` in a check, and in those inside it."""
    if isinstance(value, Mapping):
        if next(iter(value), None) in ("event", "ran"):
            yield value
        for each in value.values():
            yield from _entries(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _entries(each)


def _lines(key: str) -> Lines | None:
    folder = commands.folder_of(key)
    when = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    with suppress(OSError):
        return Lines(folder.make() / f"{when}{events.SUFFIX}", folder)
    return None
