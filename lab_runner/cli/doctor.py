"""`labrun doctor`: what is missing for what, and how to mend it."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from dataclasses import asdict

from lab_runner.cli import terminal
from lab_runner.errors import DOES_NOT_HOLD, HOLDS
from lab_runner.report import json, text
from lab_runner.state import state_folder


def add_parsers(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
) -> None:
    doctor = terminal.add(
        commands, "doctor", examine, "say what is missing, and how to mend it"
    )
    doctor.add_argument(
        "--on", default="local", metavar="MACHINE", help="where to look"
    )


def examine(args: argparse.Namespace) -> int:
    from lab_runner import doctor  # noqa: PLC0415  (the doors, only when asked for)
    from lab_runner.session import open_door  # noqa: PLC0415  (as above)

    with closing(open_door(args.on)) as machine:
        findings = list(doctor.examine(machine, state_folder()))
    if args.json:
        print(json.dump("doctor", {"findings": [asdict(f) for f in findings]}))
    else:
        print(text.findings(findings, terminal.style(sys.stdout)))
    return HOLDS if all(finding.ok for finding in findings) else DOES_NOT_HOLD
