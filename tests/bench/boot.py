"""How long a lab machine takes: to boot, until containerd answers, as new, to be gone."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from checks.containerd.containerd import Containerd
from checks.verdict import Status
from lab_runner.machines import lifecycle
from lab_runner.model import MachineSpec

RUNS = 30
SPEC = MachineSpec(packages=("containerd",))


def run() -> None:
    lifecycle.up("bench", SPEC, lambda line: print(" ", line))
    lifecycle.down("bench")
    taken: dict[str, list[float]] = {}
    for _ in range(RUNS):
        began = time.perf_counter()
        _timed(taken, "up", lambda: lifecycle.up("bench", SPEC, _quiet))
        _wait_for_containerd()
        taken.setdefault("containerd answers", []).append(time.perf_counter() - began)
        _timed(taken, "reset", lambda: lifecycle.renew("bench", _quiet))
        _timed(taken, "down", lambda: lifecycle.down("bench"))
    for name, times in taken.items():
        median, worst = statistics.median(times), max(times)
        print(f"  {name:<34} median {median:.3f} s, worst {worst:.3f} s of {RUNS}")


def _timed(
    taken: dict[str, list[float]], name: str, work: Callable[[], object]
) -> None:
    began = time.perf_counter()
    work()
    taken.setdefault(name, []).append(time.perf_counter() - began)


def _wait_for_containerd() -> None:
    door = lifecycle.find("bench")
    while Containerd("running").run(door).status is not Status.PASSED:
        time.sleep(0.005)
    door.close()


def _quiet(_: str) -> None:
    """Hear progress that nobody watches."""
