"""The mirror: a registry on this host that lab machines take for the public ones.

With internet it passes on what it lacks and keeps it: what one machine pulled, the next
one gets from this host. Without, it gives what it has, and always the images of `seed`.
"""

from __future__ import annotations

import json
import shutil
import socket
import sys
import time
from dataclasses import asdict
from pathlib import Path

import lab_runner
from lab_runner.errors import MachineError
from lab_runner.machines import cgroups, folder, locks
from lab_runner.machines.launch import Launch, last_line
from lab_runner.machines.mirror import registries, seed
from lab_runner.machines.mirror.store import Store
from lab_runner.machines.processes import Process

PORT = 443
UNIT = "mirror"
STARTING = 10.0
PAUSE = 0.01
MODULE = "lab_runner.machines.mirror.serve"
# labrun's own code, however it was started, and nothing of the folder it was started in.
ENVIRONMENT = {"PYTHONPATH": str(Path(lab_runner.__file__).parents[1])}


def prepare(busybox: Path) -> None:
    """Make the images that the mirror has without the internet."""
    with locks.held(folder.locks() / "seed", "the mirror is being filled", wait=30):
        aside = _path(".seed")
        shutil.rmtree(aside, ignore_errors=True)
        seed.sow(Store(aside), busybox)
        shutil.rmtree(_path("seed"), ignore_errors=True)
        aside.rename(_path("seed"))


def hosts(gateway: str) -> str:
    """Return the lines in /etc/hosts that make the mirror a machine's registries."""
    return "".join(f"{gateway} {server}\n" for server in registries.SERVERS.values())


def ensure(gateway: str) -> None:
    """Have the mirror running on `gateway`; the lock of the network must be held."""
    if is_running():
        return
    stop()
    log = _path("mirror.log")
    launch = Launch(_command(gateway), UNIT, log, env=ENVIRONMENT)
    folder.write(_path("mirror.json"), json.dumps(asdict(launch.process)))
    launch.begin()
    if not _listens(launch.process, gateway):
        stop()
        raise MachineError(f"the registry mirror did not start: {last_line(log)}")


def is_running() -> bool:
    running = _load()
    return bool(running and running.alive)


def mend(gateway: str) -> None:
    """Start the mirror again where it has died."""
    if _load():
        ensure(gateway)


def stop() -> None:
    cgroups.end(UNIT)
    _path("mirror.json").unlink(missing_ok=True)


def _command(gateway: str) -> list[str]:
    return [sys.executable, "-P", "-m", MODULE, str(folder.root()), gateway]


def _listens(process: Process, gateway: str) -> bool:
    """Wait until the mirror takes calls; False when it ends instead."""
    deadline = time.monotonic() + STARTING
    while process.alive and time.monotonic() < deadline:
        with socket.socket() as caller:
            if caller.connect_ex((gateway, PORT)) == 0:
                return True
        time.sleep(PAUSE)
    return False


def _load() -> Process | None:
    try:
        return Process(**json.loads(_path("mirror.json").read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def _path(name: str) -> Path:
    return folder.root() / name
