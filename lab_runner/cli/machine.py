"""`labrun machine`: lab machines, from building their image to throwing them away."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from contextlib import suppress

from lab_runner.cli import images, inside, mirror, prune, terminal, waiting
from lab_runner.errors import HOLDS, UsageError
from lab_runner.machines import lifecycle, lookup, usage
from lab_runner.machines.state import MachineRecord
from lab_runner.report import json, machine

DEFAULT = "lab"


def add_parsers(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
) -> None:
    summary = "make, enter and throw away lab machines"
    noun = commands.add_parser("machine", help=summary, description=summary)
    verbs = noun.add_subparsers(dest="verb", metavar="COMMAND", required=True)
    images.add_parsers(verbs, DEFAULT)
    start = images.add_options(terminal.add(verbs, "up", up, "start a machine"))
    start.add_argument("name", nargs="?", default=DEFAULT, metavar="NAME")
    start.add_argument(
        "--host", metavar="HOST", help="what it runs under: nspawn or docker"
    )
    stop = terminal.add(verbs, "down", down, "throw machines away")
    stop.add_argument("names", nargs="*", metavar="NAME")
    stop.add_argument("--all", action="store_true", help="every machine there is")
    terminal.add(verbs, "list", show, "list machines, after tidying up")
    inside.add_parsers(verbs, DEFAULT)
    mirror.add_parsers(verbs)
    prune.add_parser(verbs)


def up(args: argparse.Namespace) -> int:
    """Start a machine, or those of a lab that needs several."""
    began = time.monotonic()
    specs = images.specs_of(args)
    with waiting.ProgressLine() as progress:
        if "" in specs:
            records = [lifecycle.up(args.name, specs[""], progress, host=args.host)]
        else:
            records = lifecycle.up_group(args.name, specs, progress, host=args.host)
    for warning in filter(None, map(machine.unlimited, records)):
        print(f"labrun: {warning}", file=sys.stderr)
    if args.json:
        _dump("up", records)
    else:
        print(machine.started(records, time.monotonic() - began))
    return HOLDS


def down(args: argparse.Namespace) -> int:
    """End the named machines; the ones before a failure are gone all the same."""
    gone = []
    # Of all machines, one that another labrun has just ended is as it should be.
    absent = [lookup.Unknown] if args.all else []
    for name in _named(args):
        with suppress(*absent):
            for each in lifecycle.down(name):
                gone.append(each)
                if not args.json:
                    print(f"Machine `{each}` is gone.")
    if args.json:
        states = [{"name": name, "state": "gone"} for name in gone]
        print(json.dump("machine down", {"machines": states}))
    return HOLDS


def show(args: argparse.Namespace) -> int:
    records = lifecycle.machines()
    if args.json:
        _dump("list", records)
    else:
        seen = [(record, usage.of(record)) for record in records]
        print(machine.table(seen, time.time()))
    return HOLDS


def _named(args: argparse.Namespace) -> list[str]:
    if args.all and args.names:
        raise UsageError("`--all` goes without names", "labrun machine down --all")
    if args.all:
        return [record.name for record in lifecycle.machines()]
    if not args.names:
        raise UsageError("which machine?", "labrun machine down NAME, or --all")
    return list(dict.fromkeys(args.names))


def _dump(verb: str, records: Sequence[MachineRecord]) -> None:
    now = time.time()
    found = [machine.fields(each, usage.of(each), now) for each in records]
    print(json.dump(f"machine {verb}", {"machines": found}))
