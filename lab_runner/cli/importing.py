"""`labrun dev import`: labs of other systems, written as native ones."""

from __future__ import annotations

import argparse
from pathlib import Path

from lab_runner import importing
from lab_runner.cli import terminal, waiting
from lab_runner.errors import HOLDS, LabBroken
from lab_runner.report import importing as report
from lab_runner.report import json


def add_parser(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = terminal.add(
        verbs,
        "import",
        import_labs,
        "write labs of other systems as labs of labrun, and say what became of them",
    )
    command.add_argument("source", metavar="DIR", type=Path, help="where they are")
    command.add_argument(
        "--to",
        required=True,
        metavar="OUT",
        type=Path,
        help="a new or empty folder to write to",
    )


def import_labs(args: argparse.Namespace) -> int:
    """Import; the exit code says whether every lab could be read."""
    with waiting.ProgressLine() as progress:

        def told(done: int, total: int) -> None:
            progress(f"reading labs … {100 * done // total} %")

        imported = importing.run(args.source, args.to, told)
    if args.json:
        print(json.dump("dev import", report.fields(imported)))
    else:
        print(report.text(imported, str(args.to)))
    return HOLDS if all(each.lab for each in imported) else LabBroken.exit_code
