"""What several walks say of a lab's steps: a verdict for each, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from checks.verdict import Status
from lab_runner.model import Lab, Step
from lab_runner.proving.walk import Taken, passes
from lab_runner.result import Proof, Ruling

LACKING = re.compile(r"(\S+): command not found|Unable to locate package (\S+)")


def judge(lab: Lab, walks: Sequence[Sequence[Taken]]) -> list[Proof]:
    """Return the proof of each step; one that no walk came to is unknown."""
    return [
        _judge(step, [taken for walk in walks for taken in walk if taken.step is step])
        for step in lab.steps
    ]


def _judge(step: Step, walks: Sequence[Taken]) -> Proof:
    if not walks:
        return Proof(step, "unknown", "no run came to it")
    found = [_one(taken) for taken in walks]
    seconds = walks[0].seconds
    if len({verdict for verdict, _ in found}) > 1:
        why = next(why for verdict, why in found if verdict != "sound")
        return Proof(step, "flaky", f"not in every run the same: {why}", seconds)
    return Proof(step, *found[0], seconds)


def _one(taken: Taken) -> tuple[Ruling, str]:
    if why := _lacking(taken):
        return "needs", why
    if taken.stopped:
        return "unreachable", taken.stopped
    for result in taken.after.values():
        if not passes(result):
            unsure = result.verdict.status is Status.ERROR
            told = f"{result.task.source}: `{result.task.id}`: {result.verdict.summary}"
            failed = "".join(f" ({failure})" for failure in taken.failures[:1])
            return ("unknown" if unsure else "unreachable"), told + failed
    if why := next(_vacuous(taken), ""):
        return "vacuous", why
    return "sound", ""


def _lacking(taken: Taken) -> str:
    """Return what a failed step wanted and the machine does not have."""
    if not taken.stopped and all(map(passes, taken.after.values())):
        return ""
    for failure in taken.failures:
        if found := LACKING.search(failure.said):
            return f"`{found[1] or found[2]}`, which is not here: {failure}"
    return ""


def _vacuous(taken: Taken) -> Iterator[str]:
    """Yield what holds before anything was done.

    What earlier steps brought about may be asked for again, beside something new.
    """
    held = [result for result in taken.before.values() if passes(result)]
    for result in held:
        if passes(taken.fresh[result.task.id]):
            told = f"{result.task.source}: `{result.task.id}` holds on a fresh machine"
            yield f"{told}: {result.verdict.summary}"
    if held and len(held) == len(taken.after) and not taken.step.questions:
        yield f"{taken.step.source}: all of its tasks hold before it"
