"""`labrun demo`: a lab taken before the reader's eyes, on a machine of its own."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from lab_runner import course, loading, taking
from lab_runner.cli import terminal, waiting
from lab_runner.errors import HOLDS
from lab_runner.journal import Journal
from lab_runner.model import Lab
from lab_runner.report import text
from lab_runner.report.style import Style
from lab_runner.session import Session, start
from lab_runner.state import StateFolder

if TYPE_CHECKING:
    from checks.doors.machine import Local
    from checks.doors.terminal import Terminal
    from lab_runner.demo import Line, Typing

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
        lab = loading.load(path, journal.seed(), journal.folder)
        undo.enter_context(_machine(lab))
        session = undo.enter_context(closing(start(journal, args.lab, MACHINE)))
        taking.prepare(session, session.step(None))
        _perform(session, folder)
    print(_ending(args.lab))
    return HOLDS


def _perform(session: Session, folder: Path) -> None:
    from checks.doors.machine import Local  # noqa: PLC0415  (only for this command)
    from lab_runner import demo  # noqa: PLC0415  (pexpect, likewise)

    style = terminal.style(sys.stdout)
    with ExitStack() as undo:
        here = undo.enter_context(closing(Local()))
        shells = {
            name: undo.enter_context(closing(_shell(here, name, folder, style)))
            for name in ("", *session.lab.machines)
        }
        for step in session.lab.steps:
            print(f"\n{text.step_line(session.lab, step, style)}\n", flush=True)
            for typed in demo.take(session, step, shells, _typing(session, style)):
                print(typed.shown.output, flush=True)


def _shell(here: Local, machine: str, folder: Path, style: Style) -> Terminal:
    from checks.doors.terminal import Terminal  # noqa: PLC0415  (pexpect, likewise)

    argv = (sys.executable, "-m", "lab_runner", "shell", machine)
    env = {"LABRUN_STATE_DIR": str(folder)}
    return Terminal(lambda: here.spawn(argv, env=env), (ROWS, style.width))


def _typing(session: Session, style: Style) -> Typing:
    """Return what shows a line before it is typed, behind the prompt of its machine."""
    first = next(iter(session.lab.machines), MACHINE)

    def show(line: Line) -> None:
        prompt = style.paint(f"root@{line.machine or first}:~#", "green")
        print(f"{prompt} {line.text}", flush=True)

    return show


@contextmanager
def _machine(lab: Lab) -> Iterator[None]:
    from lab_runner.machines import lifecycle  # noqa: PLC0415  (only for this command)

    with waiting.ProgressLine() as progress:
        if lab.machines:
            lifecycle.up_group(MACHINE, lab.machines, progress)
        else:
            lifecycle.up(MACHINE, lab.machine, progress)
    try:
        yield
    finally:
        lifecycle.down(MACHINE)


def _ending(lab: str) -> str:
    labrun = _as_typed()
    return f"""
That was all of it, and nothing of it is left. Now you:

    {labrun} machine up lab --lab {lab}
    {labrun} start {lab} --on lab
    {labrun} shell
"""


def _as_typed() -> str:
    """Return how the reader calls labrun from where they are."""
    program = "labrun" if shutil.which("labrun") else os.path.relpath(sys.argv[0])
    return f"sudo {program}" if "SUDO_UID" in os.environ else program
