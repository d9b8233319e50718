"""The command `labrun`, the only place that ends the process."""

from __future__ import annotations

import sys
from io import TextIOWrapper

from lab_runner.cli.main import main


def run() -> None:
    # Where the locale has no letter for something, its number is printed.
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(main(sys.argv[1:]))


if __name__ == "__main__":
    run()
