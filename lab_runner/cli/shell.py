"""`labrun shell`: a shell on the lab's machine."""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager

from checks.doors.pty import Pty
from lab_runner import inband
from lab_runner.cli import sessions, terminal
from lab_runner.engine import Door
from lab_runner.errors import LabrunError
from lab_runner.progress import KINDS, fold
from lab_runner.recording import recorder as recording
from lab_runner.recording.recorder import Recorder
from lab_runner.recording.watch import watching
from lab_runner.session import SERVER, Session
from lab_runner.shell import relay, size


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
    shell.add_argument("--no-record", action="store_true", help="record nothing")


def open_shell(args: argparse.Namespace) -> int:
    """Open the machine's shell; `labrun next` and its like work inside it."""
    with ExitStack() as undo:
        opened = undo.enter_context(sessions.current(args))
        # Before there is a recording: without a way in, there is nothing to record.
        door = opened.door_of(args.machine)
        recorder = undo.enter_context(_recording(args, opened))
        if recorder:
            key, name_of = opened.key, opened.name_of
            undo.enter_context(watching(opened.lab, key, name_of, opened.open))
        token = secrets.token_hex(8)
        argv, given = _program(opened)
        carried = inband.shell_environment(token)
        if recorder:
            carried |= recording.environment(argv[0], token, given)
        pty = _start(door, argv, carried)
        print(_greeting(opened.name_of(args.machine), recorder), file=sys.stderr)
        options = ["--lab", opened.key, "--on", opened.progress.machine]
        if opened.containerd:
            options += ["--containerd", opened.containerd]
        code = relay(pty, token, lambda asked: _command(asked, options), recorder)
        if recorder and (lacking := _lacking(recorder)):
            print(lacking, file=sys.stderr)
        return code


def _start(door: Door, argv: Sequence[str], carried: Mapping[str, str]) -> Pty:
    if door.name.startswith(SERVER):
        from checks.doors.ssh.server import Server  # noqa: PLC0415  (only for one)

        if isinstance(door, Server):
            return door.login(carried)
    # env(1) carries the function, as the way in leads through a sh as well.
    return door.spawn(["env", *(f"{k}={v}" for k, v in carried.items()), *argv])


@contextmanager
def _recording(args: argparse.Namespace, opened: Session) -> Iterator[Recorder | None]:
    if args.no_record:
        yield None
        return
    argv, _ = _program(opened)
    recorder = recording.begin(
        opened.key,
        opened.name_of(args.machine),
        lambda: _step(opened),
        size=size(),
        title=opened.lab.title,
        env={"SHELL": argv[0], "TERM": os.environ.get("TERM", "")},
    )
    with closing(recorder):
        yield recorder


def _program(opened: Session) -> tuple[list[str], Mapping[str, str]]:
    """Return the shell to run, and as far as known the environment it gets."""
    if opened.on_lab_machine:
        # Not sh: it would drop the function on the way.
        return ["bash", "-c", "cd; exec bash --login"], {}
    if opened.on_server:
        # The user's own, which is a bash or does not know what it is told.
        return ["bash"], {}
    return [os.environ.get("SHELL") or "bash"], os.environ


def _step(opened: Session) -> str:
    """Return the id of the learner's step; commands in the shell may change it."""
    try:
        progress = fold(opened.journal.events(opened.key, KINDS))
    except LabrunError:
        return ""
    step = progress.current(opened.lab)
    return step.id if step else ""


def _command(
    message: inband.Message, session_options: Sequence[str]
) -> tuple[str, ...]:
    arguments = message.arguments
    if arguments[:1] and arguments[0] in inband.OF_SESSION:
        arguments = (arguments[0], *session_options, *arguments[1:])
    return (sys.executable, "-m", "lab_runner", *arguments)


def _greeting(machine: str, recorder: Recorder | None) -> str:
    kind = "server" if machine.startswith(SERVER) else "machine"
    where = "this machine" if machine == "local" else f"{kind} `{machine}`"
    told = f"You are on {where}; `labrun next` checks your step, `exit` leaves."
    if recorder is None:
        return f"{told}\nNothing is recorded."
    return (
        f"{told}\nWhat is shown here and the commands you run are recorded in"
        f" `{recorder.path}`; `labrun shell --no-record` records nothing."
    )


def _lacking(recorder: Recorder) -> str:
    """Say what could not be recorded, if anything."""
    if recorder.fault:
        return f"The recording is not complete: {recorder.fault}."
    if not recorder.has_commands:
        return (
            "This shell did not tell its commands one by one;"
            f" what it showed is in `{recorder.path}`."
        )
    return ""
