"""Docker's engine on this host, through its own client."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from lab_runner.errors import MachineError
from lab_runner.machines import folder, host, state
from lab_runner.machines.launch import last_line
from lab_runner.machines.processes import Process

TOOLS = {"docker": "docker.io"}
FOLDER, MACHINE = "labrun.folder", "labrun.machine"
PATIENCE = 20.0
ELSEWHERE = (
    "Docker runs its containers where labrun cannot look into them",
    "use the Docker engine of this host: unset DOCKER_HOST, docker context use default",
)


def require() -> None:
    host.require_tools(TOOLS)
    if not answers():
        raise MachineError("Docker does not answer", "sudo systemctl start docker")


def answers() -> bool:
    """Return whether there is an engine, and it runs."""
    there = shutil.which("docker", path=host.environment()["PATH"])
    return bool(there) and host.succeeds(["docker", "version"])


def run(*argv: str) -> str:
    return host.run(["docker", *argv])


def has_image(name: str) -> bool:
    return host.succeeds(["docker", "image", "inspect", name])


def container(name: str) -> str:
    """Return the name of a machine's container."""
    return f"{folder.tag()}-{name}"


def labels(name: str) -> list[str]:
    """Return the labels by which the container of a machine is found again."""
    return [f"{FOLDER}={folder.tag()}", f"{MACHINE}={name}"]


@contextmanager
def waiting(name: str, options: Sequence[str], log: Path) -> Iterator[IO[bytes]]:
    """Run the container of a machine, which waits for a line on the pipe it is given.

    The pipe ends with labrun or the block: a container that waits still is gone then,
    one that has had its line goes on.
    """
    with (
        log.open("wb") as output,
        subprocess.Popen(
            ["docker", "run", f"--name={container(name)}", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=output,
            env=host.environment(),
            process_group=0,
        ) as client,
    ):
        assert client.stdin  # noqa: S101  (it was asked for)
        assert client.stdout  # noqa: S101  (it was asked for)
        try:
            if not client.stdout.readline():
                raise MachineError(f"Docker cannot start the machine: {last_line(log)}")
            yield client.stdin
        finally:
            client.kill()


def first_process(name: str) -> Process:
    """Return the first process of a machine's container, as this host numbers it."""
    template = "{{.State.Pid}}"
    said = run("container", "inspect", f"--format={template}", container(name))
    process = Process.of(int(said))
    # An engine in a virtual machine or on another host has numbers of its own.
    command = Path(f"/proc/{process.pid}/cmdline")
    if not process.alive or container(name) not in command.read_text():
        raise MachineError(*ELSEWHERE)
    return process


def disk(name: str) -> int | None:
    """Return the bytes that a machine has written, None where Docker cannot tell."""
    with suppress(MachineError):  # it has just gone, or the engine has
        written = [str(state.path(name)), *_written([container(name)])]
        measure = ["du", "--summarize", "--total", "--block-size=1", *written]
        return int(host.run(measure).splitlines()[-1].split()[0])
    return None


def remove(name: str) -> None:
    """Remove the container of a machine, whatever state it is in."""
    deadline = time.monotonic() + PATIENCE
    while found := _containers(name):
        if time.monotonic() >= deadline:
            raise MachineError(
                f"Docker does not remove the container of machine `{name}`",
                f"docker rm --force {' '.join(found)}",
            )
        # The engine may be at it already, when the machine has powered off.
        if not host.succeeds(["docker", "rm", "--force", *found]):
            # Immutable files are as good as any lesson.
            for path in _written(found):
                host.succeeds(["chattr", "-R", "-f", "-i", "-a", path])


def _containers(name: str) -> list[str]:
    filters = [
        word for label in labels(name) for word in ("--filter", f"label={label}")
    ]
    return run("container", "ls", "--all", "--quiet", *filters).split()


def _written(containers: Sequence[str]) -> list[str]:
    """Return the folders of this host that hold what containers wrote over their image."""
    try:
        found = json.loads(run("container", "inspect", *containers))
    except MachineError:  # it has gone meanwhile
        return []
    layers = [each["GraphDriver"]["Data"] or {} for each in found]
    return [layer["UpperDir"] for layer in layers if "UpperDir" in layer]
