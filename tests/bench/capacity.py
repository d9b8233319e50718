"""How many machines fit: memory and the rate of starting, up to sixty at once."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from lab_runner.errors import MachineError
from lab_runner.machines import lifecycle, state, usage
from lab_runner.model import MachineSpec

MACHINES = 60
AT_ONCE = 2
SPEC = MachineSpec(packages=("containerd",))


def run() -> None:
    lifecycle.build(SPEC, lambda line: print(" ", line))
    before, began = _available(), time.perf_counter()
    names = [f"bench-{number}" for number in range(MACHINES)]
    try:
        with ThreadPoolExecutor(AT_ONCE) as starters:
            list(starters.map(_start, names))
        took = time.perf_counter() - began
        print(
            f"  {MACHINES} machines up in {took:.1f} s, {MACHINES / took:.2f} a second"
        )
        records = [record for name in names if (record := state.load(name))]
        groups = sum(usage.of(record).memory or 0 for record in records)
        print(f"  memory of their groups             {groups / (1 << 30):.2f} GiB")
        taken = (before - _available()) / (1 << 30)
        print(f"  memory less available on the host  {taken:.2f} GiB")
    finally:
        began = time.perf_counter()
        for name in names:
            with suppress(MachineError):
                lifecycle.down(name)
        print(f"  all down in {time.perf_counter() - began:.1f} s")


def _start(name: str) -> None:
    lifecycle.up(name, SPEC, lambda _: None)


def _available() -> int:
    """Return the bytes the host could still give: MemAvailable of proc(5)."""
    lines = Path("/proc/meminfo").read_text().splitlines()
    found = dict(line.split(":", 1) for line in lines)
    return int(found["MemAvailable"].split()[0]) << 10
