"""Benches: ratios against peers, in one run. Run as `python tests/bench [NAME…]`.

Nothing here asserts a time; machines are noisy. Each figure is the median of several
runs that alternate between the two sides, so that a drift of the machine hits both.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import boot
import calls
import capacity
import checks20
import doors
import each_kind
import hosts
import importing
import parse
import startup

BENCHES = {
    "checks20": checks20.run,
    "doors": doors.run,
    "startup": startup.run,
    "calls": calls.run,
    "kinds": each_kind.run,
    "boot": boot.run,
    "hosts": hosts.run,
    "capacity": capacity.run,
    "parse": parse.run,
    "importing": importing.run,
}


def main(names: list[str]) -> None:
    for name in names or BENCHES:
        print(f"== {name}", flush=True)
        BENCHES[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
