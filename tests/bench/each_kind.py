"""What the kinds cost: where much else is there, and against forking `ctr`.

The example of each kind is checked on a machine that has little more than what the
examples speak of, and on one with 200 more images and containers, in turn. `crictl`,
which the CRI's kinds would be compared with, is in no package of Debian.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import yaml
from benched import do, machine

from checks import description, registry, spec
from checks.check import Check
from checks.doors.contained import Contained

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

import examples

RUNS = 50
MANY = f"""
for n in $(seq 200); do
  ctr images tag {examples.BUSYBOX} docker.io/library/many:$n >/dev/null
  ctr containers create {examples.BUSYBOX} many-$n sleep 1
done
"""
# What the first of each pair tells, told by forking the second in the machine.
FORKED = {
    "image": f"ctr images ls -q name=={examples.BUSYBOX} | grep -q .",
    "container": "ctr containers ls -q id==web | grep -q .",
    "task": "ctr tasks ls | grep -q 'web .*RUNNING'",
    "namespace": "ctr namespaces ls -q | grep -qx staging",
}


def run() -> None:
    with ExitStack() as machines:
        few, many = (
            machines.enter_context(machine(*examples.PACKAGES, name=name))
            for name in ("bench-few", "bench-many")
        )
        for door in (few, many):
            examples.prepare(door)
        do(many, MANY)
        print("  p50, p95 and p99 with few others, with many, and the ratio of the p50")
        for kind in registry.KINDS:
            _compare(kind, _example(kind), few, many)
        for kind, command in FORKED.items():
            _against(kind, _example(kind), command, few)


def _example(kind: str) -> Check:
    (entry,) = yaml.load(description.describe(kind).example, yaml.BaseLoader)
    return spec.build(kind, registry.load(kind), entry)


def _compare(kind: str, check: Check, few: Contained, many: Contained) -> None:
    taken: dict[str, list[float]] = {few.name: [], many.name: []}
    for _ in range(RUNS):
        for door in (few, many):
            taken[door.name].append(_milliseconds(partial(_judge, check, door)))
    little, much = (_quantiles(times) for times in taken.values())
    figures = " ".join(f"{each:7.2f}" for each in (*little, *much))
    print(f"  {kind:<20}{figures} ms  {much[0] / little[0]:5.2f} x", flush=True)


def _against(kind: str, check: Check, command: str, door: Contained) -> None:
    asked, forked = [], []
    for _ in range(RUNS):
        asked.append(_milliseconds(partial(_judge, check, door)))
        forked.append(_milliseconds(partial(do, door, command)))
    ours, theirs = 1000 / statistics.median(asked), 1000 / statistics.median(forked)
    print(
        f"  {kind:<20}{ours:7.0f} checks a second over gRPC, "
        f"{theirs:5.0f} by forking ctr: {ours / theirs:.0f} x"
    )


def _judge(check: Check, door: Contained) -> None:
    door.allow(10)
    check.run(door)


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


def _quantiles(times: list[float]) -> tuple[float, float, float]:
    cuts = statistics.quantiles(times, n=100)
    return cuts[49], cuts[94], cuts[98]
