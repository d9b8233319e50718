"""The registry that lab machines take for Docker Hub.

With internet it is a pull-through cache: what one machine pulled, the next one gets
from this host. Without, it serves what it has, and always the images of `seed`.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from lab_runner.errors import MachineError
from lab_runner.machines import cgroups, folder, locks
from lab_runner.machines.launch import Launch, last_line
from lab_runner.machines.mirror import certificates, seed
from lab_runner.machines.processes import Process

DOCKER_HUB = "https://registry-1.docker.io"
PORT = 443
UNIT = "mirror"
PATIENCE = 1.5
STARTING = 5.0
PAUSE = 0.01


@dataclass(frozen=True, slots=True)
class Mirror:
    """A registry that was started; `upstream` is where it fetches from, if anywhere."""

    process: Process
    upstream: str


def prepare(busybox: Path) -> None:
    """Make the images that the mirror has without the internet."""
    with locks.held(folder.locks() / "seed", "the mirror is being filled", wait=30):
        aside = _path(".seed")
        shutil.rmtree(aside, ignore_errors=True)
        seed.sow(aside, busybox)
        shutil.rmtree(_seed(), ignore_errors=True)
        aside.rename(_seed())


def hosts(gateway: str) -> str:
    """Return the line in /etc/hosts that makes the mirror a machine's Docker Hub."""
    return f"{gateway} {certificates.NAMES[0]}\n"


def ensure(gateway: str, upstream: str) -> None:
    """Have the mirror running on `gateway`; the lock of the network must be held.

    A mirror without an upstream gives way to one with, never the other way round.
    """
    running = _load()
    if running and running.process.alive and (running.upstream or not upstream):
        return
    stop()
    shutil.copytree(_seed(), _storage(), dirs_exist_ok=True)
    # docker-registry gives up when its upstream does not answer at the start.
    if upstream and _serve(gateway, upstream):
        return
    if not _serve(gateway, ""):
        said = last_line(_path("mirror.log"))
        raise MachineError(f"the registry mirror did not start: {said}")


def mend(gateway: str) -> None:
    """Start the mirror again where it has died."""
    running = _load()
    if running and not running.process.alive:
        ensure(gateway, answering_upstream())


def is_cache() -> bool:
    """Return whether the mirror is running and has an upstream."""
    running = _load()
    return bool(running and running.upstream and running.process.alive)


def stop() -> None:
    cgroups.end(UNIT)
    _path("mirror.json").unlink(missing_ok=True)


def answering_upstream() -> str:
    """Return the URL of Docker Hub (`LABRUN_REGISTRY_UPSTREAM`), empty if out of reach.

    A name server that never answers must not hold up the start of a machine, and
    nothing else can stop waiting for it than leaving a thread behind.
    """
    upstream = os.environ.get("LABRUN_REGISTRY_UPSTREAM") or DOCKER_HUB
    answers: list[bool] = []
    probe = threading.Thread(
        target=lambda: answers.append(_answers(upstream)), daemon=True
    )
    probe.start()
    probe.join(PATIENCE)
    return upstream if any(answers) else ""


def _answers(upstream: str) -> bool:
    import urllib.error  # noqa: PLC0415  (half of the start-up time of labrun machine)
    import urllib.request  # noqa: PLC0415  (likewise)

    try:
        with urllib.request.urlopen(f"{upstream}/v2/", timeout=PATIENCE):  # noqa: S310  (the URL is the user's own)
            return True
    except urllib.error.HTTPError as error:
        return error.code == 401  # Docker Hub wants a token, which the mirror gets
    except (OSError, ValueError):
        return False


def _serve(gateway: str, upstream: str) -> bool:
    """Start docker-registry and wait until it listens; False when it ends instead."""
    config = _path("mirror.yml")
    folder.write(config, json.dumps(_configuration(gateway, upstream)))
    log = _path("mirror.log")
    launch = Launch(["docker-registry", "serve", str(config)], UNIT, log)
    mirror = Mirror(launch.process, upstream)
    folder.write(_path("mirror.json"), json.dumps(asdict(mirror)))
    launch.begin()
    deadline = time.monotonic() + STARTING
    while mirror.process.alive and time.monotonic() < deadline:
        with socket.socket() as caller:
            if caller.connect_ex((gateway, PORT)) == 0:
                return True
        time.sleep(PAUSE)
    stop()
    return False


def _configuration(gateway: str, upstream: str) -> dict[str, object]:
    """Return docker-registry's configuration; its YAML takes JSON as well."""
    pems = certificates.ensure()
    tls = {"certificate": str(pems / "mirror.pem"), "key": str(pems / "mirror.key")}
    return {
        "version": 0.1,
        "log": {"level": "warn", "accesslog": {"disabled": True}},
        "storage": {"filesystem": {"rootdirectory": str(_storage())}},
        "http": {"addr": f"{gateway}:{PORT}", "tls": tls},
        **({"proxy": {"remoteurl": upstream}} if upstream else {}),
    }


def _load() -> Mirror | None:
    try:
        found = json.loads(_path("mirror.json").read_text())
        return Mirror(Process(**found["process"]), found["upstream"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def _path(name: str) -> Path:
    return folder.root() / name


def _seed() -> Path:
    return _path("seed")


def _storage() -> Path:
    return _path("registry")
