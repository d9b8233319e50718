"""The command line: one parser, one handler for errors, documented exit codes."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

from checks.errors import CheckError
from lab_runner import __version__
from lab_runner.errors import INTERRUPTED, LabrunError, UsageError

# Modules of this package and the commands in them: only what is typed is imported.
GROUPS = {
    "learner": ("list", "start", "show", "status", "read", "reset", "stop"),
    "checking": ("next", "check", "hint", "solve", "answer"),
    "goto": ("goto",),
    "shell": ("shell",),
    "history": ("history",),
    "machine": ("machine",),
    "dev": ("dev",),
    "doctor": ("doctor",),
    "demo": ("demo",),
}


class Parser(argparse.ArgumentParser):
    """argparse, with one sentence for an error and "did you mean" for a command.

    Options are not to be abbreviated: a lab's shell refuses some by their names.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "allow_abbrev": False})

    def error(self, message: str) -> NoReturn:
        raise UsageError(_plainer(message), f"`{self.prog} --help`")


def main(argv: Sequence[str]) -> int:
    """Run one command and return its exit code; no traceback reaches a user."""
    args = argparse.Namespace()
    try:
        args = parser(argv).parse_args(argv)
        code: int = args.run(args)
    except LabrunError as error:
        return _failed(error, args, argv)
    except CheckError as error:
        return _failed(LabrunError(error.message, error.remedy), args, argv)
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        if error.filename is None:  # written to, not opened: our own output
            return unwritable(error)
        return _fault(error, args, argv)
    except SystemExit as leave:
        return leave.code if isinstance(leave.code, int) else 2
    except Exception as error:  # noqa: BLE001  (no traceback reaches a user)
        return _fault(error, args, argv)
    return code


def unwritable(error: OSError) -> int:
    """Say that nobody will read what was to be printed; return the exit code."""
    print(f"labrun: nothing can be written: {error.strerror}", file=sys.stderr)
    return LabrunError.exit_code


def parser(argv: Sequence[str] = ()) -> Parser:
    """Return the parser for a command line, or for every command."""
    top = Parser(
        prog="labrun",
        description="Hands-on labs, checked against the real state of a machine.",
        epilog="Exit codes: 0 it holds, 1 something does not hold yet, 2 usage,"
        " 3 could not tell, 4 the lab's content is broken.",
    )
    top.add_argument("--version", action="version", version=f"labrun {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in _groups(argv):
        import_module(f"lab_runner.cli.{name}").add_parsers(commands)
    return top


def _groups(argv: Sequence[str]) -> list[str]:
    if argv[:1] == ["--version"]:
        return []
    typed = [name for name, words in GROUPS.items() if argv and argv[0] in words]
    return typed or list(GROUPS)


def _fault(error: Exception, args: argparse.Namespace, argv: Sequence[str]) -> int:
    """Report a fault of labrun's own in one sentence, as the last resort."""
    if "LABRUN_TRACE" in os.environ:
        raise error
    sentence = f"a fault in labrun itself: {type(error).__name__}: {error}"
    advice = "set LABRUN_TRACE=1, repeat the command and report what it prints"
    return _failed(LabrunError(sentence, advice), args, argv)


def _failed(error: LabrunError, args: argparse.Namespace, argv: Sequence[str]) -> int:
    # What stands behind `--` is for another program.
    asked = "--json" in argv[: argv.index("--")] if "--" in argv else "--json" in argv
    if getattr(args, "json", asked):
        from lab_runner.report import json  # noqa: PLC0415  (only when asked for)

        print(json.error(getattr(args, "command", ""), error))
    else:
        from lab_runner.cli import terminal  # noqa: PLC0415  (only on an error)
        from lab_runner.report import text  # noqa: PLC0415  (likewise)

        print(text.error(error, terminal.style(sys.stderr)), file=sys.stderr)
    return error.exit_code


def _plainer(message: str) -> str:
    """Turn argparse's list of choices into "did you mean"."""
    if "invalid choice: " not in message:
        return message
    from checks.words import did_you_mean  # noqa: PLC0415  (difflib, only on a typo)

    rest = message.partition("invalid choice: ")[2]
    word = rest.partition(" (choose from")[0].strip("'")
    names = [name.strip(" '") for name in rest.partition("from ")[2][:-1].split(",")]
    return f"there is no command `{word}`{did_you_mean(word, names)}"
