"""A step of twenty satisfied checks: labrun against its peers, whole process.

Everything runs inside one lab machine with the machine's own Python, so that all sides
look at the same systemd, packages and containerd, and start from the same disk.
"""

from __future__ import annotations

from benched import do, install, machine
from timing import medians, show

from checks.doors.contained import Contained

PEERS = ["pytest-testinfra>=10", "dsoxlab>=0.5", "check50>=3.3", "setuptools<81"]

DSOXLAB = 'python3 -c "from dsoxlab.cli import main; main()"'
PREPARE = """
ctr images pull docker.io/library/busybox:latest >/dev/null
for n in 1 2 3; do
  ctr run -d docker.io/library/busybox:latest web$n sleep 100000
done
mkdir -p /srv/lab && echo hello >/srv/lab/one && echo hello >/srv/lab/two
facts=/root/bench/catalogue/labs/bench/twenty/challenge/tests
mkdir -p $facts && cp /root/bench/twenty_testinfra.py $facts/test_functional.py
export LABRUN_STATE_DIR=/root/state
python3 -m lab_runner start /root/bench/twenty.md >/dev/null
"""


def run() -> None:
    with machine("containerd", "python3-minimal", "python3") as door:
        site = install(door, *PEERS)
        env = f"cd /root/bench; export PYTHONPATH={site} LABRUN_STATE_DIR=/root/state; "
        do(door, env + PREPARE)
        sides = {
            "labrun check": "python3 -m lab_runner check",
            "pytest-testinfra": "python3 -m pytest -q -p no:cacheprovider twenty_testinfra.py",
            "dsoxlab check": f"cd catalogue && {DSOXLAB} check twenty",
            "check50 (what it can express)": "python3 -m check50 --dev -o json -- peer",
        }
        runnable = {}
        for name, command in sides.items():
            result = door.run(["bash", "-c", env + command], timeout=60)
            if result.exit:
                print(
                    f"  {name}: left out, exit {result.exit}: {result.stdout[-300:]}{result.stderr[-300:]}"
                )
                continue
            runnable[name] = _timed(door, env + command)
        show(medians(runnable), "labrun check")


def _timed(door: Contained, command: str):
    return lambda: do(door, command)
