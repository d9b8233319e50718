"""`labrun machine prune`: giving back the disk space that machines no longer need."""

from __future__ import annotations

import argparse

from lab_runner.cli import terminal, waiting
from lab_runner.errors import HOLDS
from lab_runner.machines import prune
from lab_runner.report import json
from lab_runner.report import prune as report


def add_parser(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = terminal.add(verbs, "prune", run, "remove what no machine needs any more")
    command.add_argument(
        "--all",
        action="store_true",
        help="also what would be built or downloaded again when it is next needed",
    )
    command.add_argument(
        "--dry-run", action="store_true", help="only say what would be removed"
    )


def run(args: argparse.Namespace) -> int:
    with waiting.ProgressLine() as progress:
        found = prune.prune(progress, everything=args.all, dry_run=args.dry_run)
    if args.json:
        print(json.dump("machine prune", report.fields(found, dry_run=args.dry_run)))
    else:
        print(report.text(found, dry_run=args.dry_run))
    return HOLDS
