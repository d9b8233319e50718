"""How long labs of another system take: 300 of them imported, and one of them begun."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from timing import medians, show

LABRUN = str(Path(sys.executable).parent / "labrun")
SCENARIOS, STEPS = 300, 5
PAGE = """\
# Look around, part {step}

Make a file with `touch /root/{step}`{{{{exec}}}} and look at it:

```bash
ls -l /root/{step}
```{{{{exec}}}}

| Column | Meaning |
| --- | --- |
| first | the mode |

<details><summary>Hint</summary>

Look at `ls --help`.
</details>
"""


def run() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(SCENARIOS):
            _scenario(folder / "from" / f"scenario-{number:03}")
        env = {**os.environ, "LABRUN_STATE_DIR": str(folder / "state")}
        outs = iter(range(100))

        def command(*argv: str, expected: int = 0) -> None:
            found = subprocess.run(argv, env=env, capture_output=True, check=False)
            if found.returncode != expected:
                raise RuntimeError(found.stderr.decode())

        def imported() -> None:
            out = folder / f"out-{next(outs)}"
            command(LABRUN, "dev", "import", str(folder / "from"), "--to", str(out))

        lab = str(folder / "from" / "scenario-150")
        found = medians(
            {
                "labrun --version": lambda: command(LABRUN, "--version"),
                f"import {SCENARIOS} scenarios": imported,
                "start one of them": lambda: command(LABRUN, "start", lab, "--trust"),
                "start their folder": lambda: command(
                    LABRUN, "start", str(folder / "from"), expected=2
                ),
            },
            runs=3,
        )
        show(found, "labrun --version")


def _scenario(folder: Path) -> None:
    steps = []
    for step in range(STEPS):
        inside = folder / f"step{step}"
        inside.mkdir(parents=True)
        (inside / "text.md").write_text(PAGE.format(step=step))
        (inside / "verify.sh").write_text(f"#!/bin/bash\ntest -e /root/{step}\n")
        texts = {"text": f"step{step}/text.md", "verify": f"step{step}/verify.sh"}
        steps.append({"title": f"Part {step}", **texts})
    (folder / "intro.md").write_text("# Welcome\n\nLook around.\n")
    (folder / "index.json").write_text(
        json.dumps({"details": {"intro": {"text": "intro.md"}, "steps": steps}})
    )
