"""The command `labrun`, the only place that ends the process."""

from __future__ import annotations

import sys

from lab_runner.cli.main import main


def run() -> None:
    sys.exit(main(sys.argv[1:]))


if __name__ == "__main__":
    run()
