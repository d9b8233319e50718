"""The command `labrun`, the only place that ends the process."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper

from lab_runner.cli.main import main, unwritable


def run() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A terminal that knows ASCII alone gets escapes for the rest.
            stream.reconfigure(errors="backslashreplace")
    code = main(sys.argv[1:])
    try:
        sys.stdout.flush()
    except OSError as error:
        code = code or unwritable(error)
    sys.stderr.flush()
    # All is written and closed; gRPC alone would take tens of milliseconds to wind down.
    os._exit(code)


if __name__ == "__main__":
    run()
