"""`labrun shell`: a shell on the lab's machine."""

from __future__ import annotations

import argparse
import os
import secrets
import sys

from lab_runner import inband
from lab_runner.cli import sessions, terminal
from lab_runner.shell import relay


def add_parsers(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
) -> None:
    shell = terminal.for_session(
        terminal.add(
            commands, "shell", open_shell, "open a shell on the machine", json=False
        )
    )
    several = "one of a lab's several machines (default: its first)"
    shell.add_argument("machine", nargs="?", default="", metavar="NAME", help=several)


def open_shell(args: argparse.Namespace) -> int:
    """Open the machine's shell; `labrun next` and its like work inside it."""
    with sessions.current(args) as opened:
        token = secrets.token_hex(8)
        session_options = ("--lab", opened.key, "--on", opened.progress.machine)
        if opened.on_lab_machine:
            # Not sh: it would drop the function on the way.
            argv = ["bash", "-c", "cd; exec bash --login"]
        else:
            argv = [os.environ.get("SHELL") or "bash"]
        carried = [f"{k}={v}" for k, v in inband.shell_environment(token).items()]
        # env(1) carries the function, as the way in leads through a sh as well.
        pty = opened.door_of(args.machine).spawn(["env", *carried, *argv])
        print(_greeting(opened.name_of(args.machine)), file=sys.stderr)
        return relay(pty, token, lambda message: _command(message, session_options))


def _command(
    message: inband.Message, session_options: tuple[str, ...]
) -> tuple[str, ...]:
    arguments = message.arguments
    if arguments[:1] and arguments[0] in inband.OF_SESSION:
        arguments = (arguments[0], *session_options, *arguments[1:])
    return (sys.executable, "-m", "lab_runner", *arguments)


def _greeting(machine: str) -> str:
    where = "this machine" if machine == "local" else f"machine `{machine}`"
    return f"You are on {where}; `labrun next` checks your step, `exit` leaves."
