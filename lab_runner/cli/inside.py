"""`labrun machine shell|exec`: getting into a lab machine."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import closing

from checks.doors.contained import Contained
from lab_runner.cli import terminal
from lab_runner.errors import UsageError
from lab_runner.machines import lifecycle
from lab_runner.shell import relay

LOGIN = ("sh", "-c", "cd && exec bash --login")


def add_parsers(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser], default: str
) -> None:
    """Add the verbs; `default` is the machine that is meant without a name."""
    enter = terminal.add(verbs, "shell", shell, "open a shell on a machine", json=False)
    enter.add_argument("name", nargs="?", default=default, metavar="NAME")
    run = terminal.add(verbs, "exec", execute, "run a command on a machine", json=False)
    run.add_argument("name", metavar="NAME")
    run.add_argument("argv", nargs=argparse.REMAINDER, metavar="-- CMD")


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
