"""`labrun history`: the commands that were recorded."""

from __future__ import annotations

import argparse
import sys

from lab_runner import session
from lab_runner.cli import sessions, terminal
from lab_runner.recording import commands as recorded
from lab_runner.report import history, json


def add_parsers(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
) -> None:
    shows = "show the commands you ran in `labrun shell`"
    command = terminal.add(commands, "history", show_history, shows)
    command.add_argument("--lab", metavar="LAB", help="a started lab (default: last)")


def show_history(args: argparse.Namespace) -> int:
    with sessions.journal() as journal:
        lab = session.current(journal, args.lab).key
    found = recorded.read(lab)
    if args.json:
        listed = [history.fields(command) for command in found]
        print(json.dump("history", {"lab": lab, "commands": listed}))
    else:
        print(history.table(found, terminal.style(sys.stdout)))
    return 0
