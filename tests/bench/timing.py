"""Timing whole commands side by side."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

RUNS = 9


def medians(
    sides: dict[str, Callable[[], object]], runs: int = RUNS
) -> dict[str, float]:
    """Time each side `runs` times in turn, after one warm-up; return medians in ms."""
    for side in sides.values():
        side()
    taken: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(runs):
        for name, side in sides.items():
            began = time.perf_counter()
            side()
            taken[name].append(1000 * (time.perf_counter() - began))
    return {name: statistics.median(times) for name, times in taken.items()}


def show(medians: dict[str, float], base: str) -> None:
    """Print each side's median and how often the base fits into it."""
    for name, median in medians.items():
        ratio = median / medians[base]
        print(f"  {name:<34} {median:8.1f} ms   {ratio:5.2f} x {base}", flush=True)
