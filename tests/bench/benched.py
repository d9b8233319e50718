"""A lab machine for benches, gone when the bench is over."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import BytesIO
from pathlib import Path

from checks.doors.contained import Contained
from lab_runner.machines import lifecycle
from lab_runner.model import MachineSpec

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


@contextmanager
def machine(*packages: str, name: str = "bench") -> Iterator[Contained]:
    """Boot a machine with these packages; yields its door."""
    lifecycle.up(name, MachineSpec(packages=packages), lambda line: print(" ", line))
    try:
        with closing(lifecycle.find(name)) as door:
            yield door
    finally:
        lifecycle.down(name)


def do(door: Contained, script: str) -> str:
    """Run a shell script in the machine; its failure ends the bench."""
    result = door.run(["bash", "-ec", script], timeout=600)
    if result.exit:
        raise RuntimeError(f"exit {result.exit}: {result.stderr[-500:]}")
    return result.stdout


def install(door: Contained, *packages: str) -> str:
    """Put labrun, its dependencies and more into the machine; return their path."""
    staging = Path(do(door, "mktemp -d").strip())
    packed = BytesIO()
    local = ROOT / "build" / "bench-site"
    shutil.rmtree(local, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    wanted = ["--target", local, "--no-compile", ROOT, *packages]
    subprocess.run([*pip, *wanted], check=True, stderr=subprocess.DEVNULL)
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.add(local, arcname="site")
        for name in ("twenty.md", "twenty_testinfra.py", "peer", "catalogue"):
            archive.add(HERE / name, arcname=f"../bench/{name}")
    subprocess.run(
        door.entering(["tar", "-C", str(staging), "-xPf", "-"]),
        input=packed.getvalue(),
        check=True,
    )
    do(door, f"mkdir -p /root/bench && cp -r {staging}/../bench/. /root/bench/")
    do(door, f"python3 -m compileall -q {staging}/site || true")
    return f"{staging}/site"
