"""How long a lab machine takes: to boot, until containerd answers, to be gone."""

from __future__ import annotations

import statistics
import time

from checks.containerd.containerd import Containerd
from checks.verdict import Status
from lab_runner.machines import lifecycle
from lab_runner.model import MachineSpec

RUNS = 10


def run() -> None:
    spec = MachineSpec(packages=("containerd",))
    lifecycle.up("bench", spec, lambda line: print(" ", line))
    lifecycle.down("bench")
    taken: dict[str, list[float]] = {"up": [], "containerd answers": [], "down": []}
    for _ in range(RUNS):
        began = time.perf_counter()
        lifecycle.up("bench", spec, lambda _: None)
        taken["up"].append(time.perf_counter() - began)
        _wait_for_containerd()
        taken["containerd answers"].append(time.perf_counter() - began)
        began = time.perf_counter()
        lifecycle.down("bench")
        taken["down"].append(time.perf_counter() - began)
    for name, times in taken.items():
        median, worst = statistics.median(times), max(times)
        print(f"  {name:<34} median {median:.3f} s, worst {worst:.3f} s of {RUNS}")


def _wait_for_containerd() -> None:
    door = lifecycle.find("bench")
    while Containerd("running").run(door).status is not Status.PASSED:
        time.sleep(0.005)
    door.close()
