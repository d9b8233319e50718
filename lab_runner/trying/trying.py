"""Trying a text twice, on two fresh machines side by side."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace

from lab_runner import fresh, inferring
from lab_runner.inference.infer import Inferred
from lab_runner.machines.progress import Progress
from lab_runner.model import Command, Lab, Step
from lab_runner.replay import Replay
from lab_runner.result import Finding, Outcome
from lab_runner.trying import findings
from lab_runner.trying.trial import Trial, Tried

TRIALS = 2
ENDING = {"reboot", "poweroff", "halt", "shutdown", "exit", "logout"}


def run(
    lab: Lab, steps: Sequence[Inferred], seconds: float, progress: Progress
) -> Iterator[Outcome]:
    """Yield what became of each step of a completed lab, up to one that never ends.

    A command may take `seconds`. Raises MachineError where there can be no machines.
    """
    # The machines go first when this is interrupted: what runs on them ends by that.
    with ThreadPoolExecutor(TRIALS) as pool, ExitStack() as machines:
        trials = [_begin(lab, number, seconds, progress, machines) for number in (1, 2)]
        for number, (step, inferred) in enumerate(
            zip(lab.steps, steps, strict=True), 1
        ):
            progress(f"step {number} of {len(lab.steps)}, {step.id}")
            typed, skipped = _typed(step, inferred)
            tried = list(pool.map(lambda trial, s=typed: trial.step(s), trials))
            outcome = _outcome(trials, tried, pool)
            yield replace(outcome, step=step, skipped=tuple(skipped))
            if outcome.stopped:
                return


def _begin(
    lab: Lab, number: int, seconds: float, progress: Progress, machines: ExitStack
) -> Trial:
    name = f"try-{os.getpid()}-{number}"
    door_of = machines.enter_context(fresh.machines(name, lab, progress))
    return Trial(lab, door_of, machines.enter_context(Replay(door_of, seconds)))


def _typed(step: Step, inferred: Inferred) -> tuple[Step, list[str]]:
    """Return a step with the commands that can be typed, and why not the others."""
    kept, skipped = [], []
    for command in step.solution:
        if why := _hindrance(command, inferred):
            skipped.append(f"{command.source}: not typed, because {why}")
        else:
            kept.append(command)
    others = [each for each in step.commands if each not in step.solution]
    return replace(step, commands=(*others, *kept)), skipped


def _hindrance(command: Command, inferred: Inferred) -> str:
    first = command.source.line
    lines = range(first, first + command.text.count("\n") + 1)
    for left in inferred.left:
        for each in left.commands:
            if left.machine != command.machine or each.command.line not in lines:
                continue
            if each.effects.kind in ("placeholder", "interactive"):
                return each.effects.why
            if each.command.program in ENDING:
                return f"`{each.command.program}` ends the shell or the machine"
    return ""


def _outcome(
    trials: Sequence[Trial], tried: Sequence[Tried], pool: ThreadPoolExecutor
) -> Outcome:
    step = tried[0].step
    stopped = next((each.stopped for each in tried if each.stopped), "")
    if stopped:
        return Outcome(step, stopped=stopped)
    found = [*findings.inferred(tried), *_likely(trials, tried, pool)]
    return Outcome(step, tuple(found), tried[0].failures)


def _likely(
    trials: Sequence[Trial], tried: Sequence[Tried], pool: ThreadPoolExecutor
) -> Iterator[Finding]:
    """Yield the tasks for what was only seen; their own checks hold in every trial."""
    tasks = tuple(inferring.proposed(tried[0].step, findings.proposals(tried)))
    start = time.time()
    judged = list(pool.map(lambda trial: trial.judge(tasks, start), trials))
    for task in tasks:
        if all(task.id in holding for _, holding in judged):
            yield Finding(task, "likely", judged[0][0][task.id])
