"""What a lab machine runs under: systemd-nspawn and Docker, from up to gone, in turn."""

from __future__ import annotations

import os
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

import docker_engine

from lab_runner.machines import backends, lifecycle
from lab_runner.model import MachineSpec

RUNS = 5


def run() -> None:
    with docker_engine.running() as address:
        os.environ["DOCKER_HOST"] = address
        for host in backends.BACKENDS:
            _up_and_down(host)  # builds and imports what is missing
        taken = {
            (host, what): [] for host in backends.BACKENDS for what in ("up", "down")
        }
        for _ in range(RUNS):
            for host in backends.BACKENDS:
                up, down = _up_and_down(host)
                taken[host, "up"].append(up)
                taken[host, "down"].append(down)
    for (host, what), times in taken.items():
        median, worst = statistics.median(times), max(times)
        label = f"{what} under {host}"
        print(f"  {label:<34} median {median:.3f} s, worst {worst:.3f} s of {RUNS}")


def _up_and_down(host: str) -> tuple[float, float]:
    began = time.perf_counter()
    lifecycle.up("bench", MachineSpec(), lambda _: None, host=host)
    ready = time.perf_counter()
    lifecycle.down("bench")
    return ready - began, time.perf_counter() - ready
