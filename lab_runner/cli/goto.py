"""`labrun goto`, and `labrun start --from`: beginning a lab at a step."""

from __future__ import annotations

import argparse
import time

from lab_runner.cli import sessions, terminal, waiting
from lab_runner.errors import HOLDS
from lab_runner.goto import goto
from lab_runner.model import Step
from lab_runner.report import json
from lab_runner.report.style import counted
from lab_runner.result import Arrival
from lab_runner.session import Session


def add_parsers(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
) -> None:
    go = terminal.add(
        commands, "goto", go_to, "get a machine on which a step is next to do"
    )
    terminal.for_session(go)
    go.add_argument("step", metavar="STEP", help="its number or id")


def go_to(args: argparse.Namespace) -> int:
    with sessions.current(args) as opened:
        step = opened.step(args.step)
        began = time.monotonic()
        arrival = arrive(opened, step)
        if args.json:
            took = round(time.monotonic() - began, 3)
            reached = json.arrival(opened.lab, opened.progress, arrival)
            print(json.dump("goto", {**reached, "seconds": took}))
            return HOLDS
        print(told(opened, arrival, time.monotonic() - began))
        print("`labrun show` shows the step, `labrun shell` opens a shell there.")
    return HOLDS


def arrive(opened: Session, step: Step) -> Arrival:
    """Go to a step before the learner's eyes; says what to do when that is cut short."""
    with waiting.ProgressLine() as progress:
        try:
            return goto(opened, step, progress)
        except KeyboardInterrupt:
            progress(
                f"Machine `{opened.progress.machine}` is between two steps:"
                f" `labrun goto {step.id}` again, or `labrun reset`."
            )
            raise


def told(opened: Session, arrival: Arrival, seconds: float) -> str:
    ways = [
        f"{counted(len(steps), 'step')} {how}"
        for steps, how in ((arrival.kept, "kept"), (arrival.replayed, "done anew"))
        if steps
    ]
    names = opened.machines.values()
    machines = " and ".join(f"`{name}`" for name in names)
    are = "Machine {} is" if len(names) == 1 else "Machines {} are"
    how = f": {', '.join(ways)}" if ways else ""
    return (
        f"{are.format(machines)} where step {opened.number(arrival.step)},"
        f" `{arrival.step.id}`, begins{how} ({seconds:.1f} s)."
    )
