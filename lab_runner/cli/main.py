"""The command line: one parser, one handler for errors, documented exit codes."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from lab_runner import __version__
from lab_runner.cli import checking, demo, doctor, learner, machine, shell, terminal
from lab_runner.errors import LabrunError, UsageError
from lab_runner.report import text

INTERRUPTED = 130
GROUPS = (learner, checking, shell, machine, doctor, demo)


class Parser(argparse.ArgumentParser):
    """argparse, with one sentence for an error and "did you mean" for a command."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(_plainer(message), f"`{self.prog} --help`")


def main(argv: Sequence[str]) -> int:
    """Run one command and return its exit code; no traceback reaches a user."""
    args = argparse.Namespace()
    try:
        args = parser().parse_args(argv)
        code: int = args.run(args)
        sys.stdout.flush()
    except LabrunError as error:
        return _failed(error, getattr(args, "command", ""), argv)
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except SystemExit as leave:
        return leave.code if isinstance(leave.code, int) else 2
    return code


def parser() -> Parser:
    top = Parser(
        prog="labrun",
        description="Hands-on labs, checked against the real state of a machine.",
        epilog="Exit codes: 0 it holds, 1 something does not hold yet, 2 usage,"
        " 3 could not tell, 4 the lab's content is broken.",
    )
    top.add_argument("--version", action="version", version=f"labrun {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for group in GROUPS:
        group.add_parsers(commands)
    return top


def _failed(error: LabrunError, command: str, argv: Sequence[str]) -> int:
    if "--json" in argv:
        from lab_runner.report import json  # noqa: PLC0415  (only when asked for)

        print(json.error(command, error))
    else:
        print(text.error(error, terminal.style(sys.stderr)), file=sys.stderr)
    return error.exit_code


def _plainer(message: str) -> str:
    """Turn argparse's list of choices into "did you mean"."""
    if "invalid choice: " not in message:
        return message
    from checks.spec import did_you_mean  # noqa: PLC0415  (difflib, only on a typo)

    rest = message.partition("invalid choice: ")[2]
    word = rest.partition(" (choose from")[0].strip("'")
    names = [name.strip(" '") for name in rest.partition("from ")[2][:-1].split(",")]
    return f"there is no command `{word}`{did_you_mean(word, names)}"
