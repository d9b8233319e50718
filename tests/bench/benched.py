"""A lab machine for benches, gone when the bench is over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from checks.doors.contained import Contained
from lab_runner.machines import lifecycle
from lab_runner.model import MachineSpec


@contextmanager
def machine(*packages: str) -> Iterator[Contained]:
    """Boot a machine named `bench` with these packages; yields its door."""
    lifecycle.up("bench", MachineSpec(packages=packages), lambda line: print(" ", line))
    try:
        with closing(lifecycle.find("bench")) as door:
            yield door
    finally:
        lifecycle.down("bench")


def do(door: Contained, script: str) -> str:
    """Run a shell script in the machine; its failure ends the bench."""
    result = door.run(["bash", "-ec", script], timeout=600)
    if result.exit:
        raise RuntimeError(f"exit {result.exit}: {result.stderr[-500:]}")
    return result.stdout
