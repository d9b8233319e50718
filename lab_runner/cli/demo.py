"""`labrun demo`: a lab taken before the reader's eyes, on a machine of its own."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from lab_runner import course, taking
from lab_runner.cli import terminal, waiting
from lab_runner.errors import HOLDS
from lab_runner.formats import cache
from lab_runner.journal import Journal
from lab_runner.model import Lab
from lab_runner.report import text
from lab_runner.report.style import Style
from lab_runner.session import Session, start
from lab_runner.state import StateFolder

MACHINE = "demo"
# As tall as that no pager has a reason to stop.
ROWS = 200


def add_parsers(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
) -> None:
    demo = terminal.add(
        commands, "demo", demonstrate, "watch a lab being taken", json=False
    )
    demo.add_argument("lab", nargs="?", default="containerd-and-ctr", metavar="LAB")


def demonstrate(args: argparse.Namespace) -> int:
    """Take a lab on a fresh machine by typing it; progress is kept apart and dropped."""
    with ExitStack() as undo:
        folder = Path(undo.enter_context(tempfile.TemporaryDirectory(prefix="labrun-")))
        journal = undo.enter_context(closing(Journal(StateFolder(folder))))
        path = course.locate(args.lab)
        lab = cache.load(path, journal.seed(), journal.folder)
        undo.enter_context(_machine(lab))
        session = undo.enter_context(closing(start(journal, args.lab, MACHINE)))
        taking.prepare(session, session.step(None))
        _perform(session, folder)
    print(_ending(args.lab))
    return HOLDS


def _perform(session: Session, folder: Path) -> None:
    from checks.doors.machine import Local  # noqa: PLC0415  (only for this command)
    from checks.doors.terminal import Terminal  # noqa: PLC0415  (pexpect, likewise)
    from lab_runner import demo  # noqa: PLC0415  (likewise)

    style = terminal.style(sys.stdout)
    labrun = (sys.executable, "-m", "lab_runner", "shell")
    env = {"LABRUN_STATE_DIR": str(folder)}
    with (
        closing(Local()) as here,
        closing(
            Terminal(lambda: here.spawn(labrun, env=env), (ROWS, style.width))
        ) as shell,
    ):
        for step in session.lab.steps:
            print(f"\n{text.step_line(session.lab, step, style)}\n", flush=True)
            for typed in demo.take(session, step, shell, _typing(style)):
                print(typed.shown.output, flush=True)


def _typing(style: Style) -> Callable[[str], None]:
    prompt = style.paint(f"root@{MACHINE}:~#", "green")
    return lambda line: print(f"{prompt} {line}", flush=True)


@contextmanager
def _machine(lab: Lab) -> Iterator[None]:
    from lab_runner.machines import lifecycle  # noqa: PLC0415  (only for this command)

    with waiting.ProgressLine() as progress:
        lifecycle.up(MACHINE, lab.machine, progress)
    try:
        yield
    finally:
        lifecycle.down(MACHINE)


def _ending(lab: str) -> str:
    labrun = _as_typed()
    return f"""
That was all of it, and the machine is gone again. Now you:

    {labrun} machine up lab
    {labrun} start {lab} --on lab
    {labrun} shell
"""


def _as_typed() -> str:
    """Return how the reader calls labrun from where they are."""
    program = "labrun" if shutil.which("labrun") else os.path.relpath(sys.argv[0])
    return f"sudo {program}" if "SUDO_UID" in os.environ else program
