"""How long labrun takes to start, against a bare interpreter."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from timing import medians, show

LABRUN = str(Path(sys.executable).parent / "labrun")


def run() -> None:
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "LABRUN_STATE_DIR": folder}

        def command(*argv: str) -> None:
            subprocess.run(argv, env=env, stdout=subprocess.DEVNULL, check=True)

        command(LABRUN, "start", "containerd-and-ctr")
        found = medians(
            {
                "python -c pass": lambda: command(sys.executable, "-c", "pass"),
                "labrun --version": lambda: command(LABRUN, "--version"),
                "labrun status": lambda: command(LABRUN, "status"),
            },
            runs=25,
        )
        show(found, "python -c pass")
