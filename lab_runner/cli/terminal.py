"""What the terminal at hand can show, and the options every report shares."""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

from lab_runner.report.style import Style

Command = Callable[[argparse.Namespace], int]


def style(stream: TextIO) -> Style:
    """Colour on a terminal only, and never with NO_COLOR set or TERM=dumb.

    LABRUN_TERMINAL is how `labrun shell` says that its end of the pipe is a terminal.
    """
    is_terminal = stream.isatty() or "LABRUN_TERMINAL" in os.environ
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    symbols = (stream.encoding or "").lower().replace("-", "") == "utf8"
    return Style(is_terminal and not plain, symbols, _width())


def _width() -> int:
    """Return the terminal's width; COLUMNS wins, as for other programs."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdigit() and int(columns):
        return int(columns)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns
    except (ValueError, OSError):
        return 80


def say(*paragraphs: str) -> None:
    """Print paragraphs that are not empty, a blank line between them."""
    print("\n\n".join(p for p in paragraphs if p))


def add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Command,
    summary: str,
    *,
    json: bool = True,
) -> argparse.ArgumentParser:
    """Add a command; `summary` is its line in the help."""
    command = commands.add_parser(name, help=summary, description=summary)
    command.set_defaults(run=run)
    if json:
        command.add_argument("--json", action="store_true", help="report as JSON")
    return command


def for_session(command: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Add what commands about a started lab have in common."""
    command.add_argument("--lab", metavar="LAB", help="a started lab (default: last)")
    command.add_argument(
        "--on", metavar="MACHINE", help="local, a lab machine, or ssh://user@host"
    )
    command.add_argument(
        "--containerd",
        metavar="ADDRESS",
        type=_containerd,
        help="the socket of the containerd to ask, or k3s, microk8s, rootless, …",
    )
    return command


def seconds(text: str) -> float:
    """Read how long something may take: more than nothing, and an end."""
    with suppress(ValueError):
        if 0 < (found := float(text)) < math.inf:
            return found
    raise argparse.ArgumentTypeError(f"`{text}` is not a number above 0")


def _containerd(address: str) -> str:
    from checks.containerd.connect import check_address  # noqa: PLC0415  (hardly used)
    from checks.errors import SpecError  # noqa: PLC0415  (as above)

    try:
        check_address(address)
    except SpecError as error:
        raise argparse.ArgumentTypeError(error.remedy) from None
    return address
