"""`labrun machine`: lab machines, from building their image to throwing them away."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from contextlib import closing

from checks.doors.contained import Contained
from lab_runner import course
from lab_runner.cli import terminal, waiting
from lab_runner.errors import HOLDS, UsageError
from lab_runner.machines import lifecycle
from lab_runner.machines.state import MachineRecord
from lab_runner.model import MachineSpec
from lab_runner.report import json, machine
from lab_runner.shell import relay

DEFAULT = "lab"
LOGIN = ("sh", "-c", "cd && exec bash --login")


def add_parsers(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
) -> None:
    summary = "make, enter and throw away lab machines"
    noun = commands.add_parser("machine", help=summary, description=summary)
    verbs = noun.add_subparsers(dest="verb", metavar="COMMAND", required=True)
    _takes_image(terminal.add(verbs, "build", build, "build the image of a machine"))
    start = _takes_image(terminal.add(verbs, "up", up, "start a machine"))
    start.add_argument("name", nargs="?", default=DEFAULT, metavar="NAME")
    stop = terminal.add(verbs, "down", down, "throw machines away")
    stop.add_argument("names", nargs="*", metavar="NAME")
    stop.add_argument("--all", action="store_true", help="every machine there is")
    terminal.add(verbs, "list", show, "list machines, after tidying up")
    enter = terminal.add(verbs, "shell", shell, "open a shell on a machine", json=False)
    enter.add_argument("name", nargs="?", default=DEFAULT, metavar="NAME")
    run = terminal.add(verbs, "exec", execute, "run a command on a machine", json=False)
    run.add_argument("name", metavar="NAME")
    run.add_argument("argv", nargs=argparse.REMAINDER, metavar="-- CMD")


def build(args: argparse.Namespace) -> int:
    began = time.monotonic()
    spec = _spec(args)
    with waiting.ProgressLine() as progress:
        lifecycle.build(spec, progress)
    seconds = time.monotonic() - began
    if args.json:
        packages = list(spec.packages)
        image = {"image": spec.image, "packages": packages, "seconds": seconds}
        print(json.dump("machine build", {"images": [image]}))
    else:
        print(
            f"The image is ready ({seconds:.1f} s). Start a machine: {_up_line(spec)}"
        )
    return HOLDS


def up(args: argparse.Namespace) -> int:
    began = time.monotonic()
    with waiting.ProgressLine() as progress:
        record = lifecycle.up(args.name, _spec(args), progress)
    if args.json:
        _dump("up", [record])
    else:
        took = time.monotonic() - began
        print(f"Machine `{record.name}` is up ({took:.1f} s). Enter it:")
        print(f"  labrun machine shell {record.name}")
    return HOLDS


def down(args: argparse.Namespace) -> int:
    """End the named machines; the ones before a failure are gone all the same."""
    names = _named(args)
    for name in names:
        lifecycle.down(name)
        if not args.json:
            print(f"Machine `{name}` is gone.")
    if args.json:
        gone = [{"name": name, "state": "gone"} for name in names]
        print(json.dump("machine down", {"machines": gone}))
    return HOLDS


def show(args: argparse.Namespace) -> int:
    records = lifecycle.machines()
    if args.json:
        _dump("list", records)
    else:
        print(machine.table(records, time.time()))
    return HOLDS


def shell(args: argparse.Namespace) -> int:
    with closing(lifecycle.find(args.name)) as found:
        return _on_terminal(found, LOGIN)


def execute(args: argparse.Namespace) -> int:
    """Run a command on the caller's terminal or pipes; its exit code is ours."""
    argv = args.argv[1:] if args.argv[:1] == ["--"] else args.argv
    if not argv:
        raise UsageError(
            "there is no command to run", f"labrun machine exec {args.name} -- CMD"
        )
    with closing(lifecycle.find(args.name)) as found:
        if sys.stdin.isatty():
            return _on_terminal(found, argv)
        return lifecycle.attach(found, argv)


def _on_terminal(machine: Contained, argv: Sequence[str]) -> int:
    return relay(machine.spawn(argv))


def _takes_image(command: argparse.ArgumentParser) -> argparse.ArgumentParser:
    command.add_argument("--image", metavar="IMAGE", help="such as debian-12")
    command.add_argument(
        "--package",
        action="append",
        default=[],
        metavar="PACKAGE",
        help="a Debian package to install beforehand; may be repeated",
    )
    command.add_argument(
        "--lab", metavar="LAB|PATH", help="the machine that this lab asks for"
    )
    return command


def _spec(args: argparse.Namespace) -> MachineSpec:
    if args.lab is None:
        return MachineSpec(args.image or MachineSpec().image, tuple(args.package))
    from lab_runner.formats import native  # noqa: PLC0415  (only with --lab)

    asked = native.read(course.locate(args.lab), b"").machine
    packages = (*asked.packages, *args.package)
    return MachineSpec(args.image or asked.image, tuple(dict.fromkeys(packages)))


def _up_line(spec: MachineSpec) -> str:
    packages = [f"--package {name}" for name in spec.packages]
    return " ".join(["labrun machine up", DEFAULT, *packages])


def _named(args: argparse.Namespace) -> list[str]:
    if args.all:
        return [record.name for record in lifecycle.machines()]
    if not args.names:
        raise UsageError("which machine?", "labrun machine down NAME, or --all")
    return list(dict.fromkeys(args.names))


def _dump(verb: str, records: Sequence[MachineRecord]) -> None:
    now = time.time()
    found = [machine.fields(record, now) for record in records]
    print(json.dump(f"machine {verb}", {"machines": found}))
