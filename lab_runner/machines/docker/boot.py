"""Booting a machine's systemd in a container of Docker, and ending it."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from lab_runner.errors import MachineError
from lab_runner.machines import hierarchies, limits, readiness, state
from lab_runner.machines.docker import engine, images, inside, options
from lab_runner.machines.processes import Process
from lab_runner.machines.progress import Progress
from lab_runner.machines.state import MachineRecord

NO_DISK_LIMIT = "Docker keeps it on its own disk, which all of its containers share"


def require() -> None:
    engine.require()


def prepare(trees: Sequence[Path], progress: Progress) -> None:
    """Import the trees into Docker, where it does not have them."""
    images.ensure(trees, progress)


def start(
    record: MachineRecord,
    trees: Sequence[Path],
    etc: Mapping[str, str],
    connect: Callable[[int], None],
    *,
    origin: Path | None = None,
) -> MachineRecord:
    """Boot a machine in a container: see Backend."""
    if origin:
        raise MachineError(
            "a machine under Docker cannot begin with a saved disk",
            f"labrun machine up {record.name} --host nspawn",
        )
    path, log = state.path(record.name), state.path(record.name) / "console.log"
    _make(path, etc)
    argv = [*options.of(record, path), images.name(trees), *_first(record.name)]
    with (
        readiness.notices(path / options.SHARED / "notify") as notices,
        engine.waiting(record.name, argv, log) as go,
    ):
        keeper = engine.first_process(record.name)
        unlimited = {**limits.lacking(hierarchies.controllers()), "disk": NO_DISK_LIMIT}
        record = replace(record, keeper=keeper, unlimited=unlimited)
        state.save(record)
        connect(keeper.pid)
        go.write(b"go\n")
        go.flush()
        readiness.wait(notices, keeper, log)
    return record


def end(name: str, record: MachineRecord | None) -> None:
    """Remove a machine's container; where Docker does not answer, it does so later."""
    keeper = record and record.keeper
    if keeper and keeper.alive:
        _thaw(keeper)
    if engine.answers():
        engine.remove(name)
    elif keeper:
        keeper.kill()


def _make(path: Path, etc: Mapping[str, str]) -> None:
    """Make what the container shares with the folder of its machine."""
    for name in (options.SHARED, f"{options.SHARED}/etc", *options.ON_DISK):
        (path / name).mkdir()
        (path / name).chmod(0o755)
    for name, text in {**etc, "machine-id": f"{uuid.uuid4().hex}\n"}.items():
        file = path / options.SHARED / "etc" / name
        file.write_text(text)
        file.chmod(0o644)
    (path / options.SECCOMP).write_text(json.dumps(options.FILTER))


def _first(name: str) -> list[str]:
    """Return the container's command; its name is what its process is known by."""
    scripts = [inside.ENTER, inside.BOOT]
    return ["sh", "-c", inside.KEEP, engine.container(name), *scripts]


def _thaw(keeper: Process) -> None:
    """Let paused containers die: in version 1 a frozen process does not hear SIGKILL."""
    groups = Path(f"/proc/{keeper.pid}/root/sys/fs/cgroup/freezer/machine")
    for path, _, _ in os.walk(groups):
        with suppress(OSError):
            Path(path, "freezer.state").write_text("THAWED")
