"""`labrun dev prove`: whether a lab's checks tell done from not done."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from lab_runner import course
from lab_runner.cli import terminal, waiting
from lab_runner.errors import DOES_NOT_HOLD, HOLDS, INTERRUPTED, LabrunError
from lab_runner.report import json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lab_runner.model import Lab
    from lab_runner.proving.walk import Taken
    from lab_runner.result import Proof

SEED = b"prove"
OPEN = ("unknown", "needs")


def add_parser(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    summary = "show on fresh machines that a lab's checks tell done from not done"
    verb = terminal.add(verbs, "prove", prove, summary)
    verb.add_argument("lab", metavar="LAB|DIR")
    verb.add_argument(
        "--runs", type=int, choices=range(1, 10), default=3, help="default: 3"
    )
    verb.add_argument(
        "--timeout",
        type=terminal.seconds,
        default=120.0,
        metavar="SECONDS",
        help="what one command may take (default: 120)",
    )


def prove(args: argparse.Namespace) -> int:
    """Take a lab several times; Ctrl-C reports what was seen until then."""
    from lab_runner import loading  # noqa: PLC0415  (parsers, when asked for)
    from lab_runner.proving import judging  # noqa: PLC0415  (as above)
    from lab_runner.report import proof as report  # noqa: PLC0415  (as above)

    lab = loading.read(course.locate(args.lab), SEED).lab
    walks, is_whole = _walks(lab, args.runs, args.timeout)
    proofs = judging.judge(lab, walks)
    if args.json:
        print(json.dump("dev prove", report.fields(proofs)))
    else:
        print(report.text(proofs, terminal.style(sys.stdout)))
    return _code(proofs) if is_whole else INTERRUPTED


def _walks(lab: Lab, runs: int, seconds: float) -> tuple[list[list[Taken]], bool]:
    """Return what each walk saw, and whether nobody interrupted them."""
    from lab_runner.proving.walk import walk  # noqa: PLC0415  (as above)

    walks: list[list[Taken]] = []
    try:
        with waiting.ProgressLine() as progress:
            for number in range(1, runs + 1):
                taken: list[Taken] = []
                walks.append(taken)
                progress(f"run {number} of {runs}")
                taken.extend(walk(lab, seconds, progress))
    except KeyboardInterrupt:
        print("labrun: interrupted; this is what was seen until then", file=sys.stderr)
        return walks, False
    return walks, True


def _code(proofs: Sequence[Proof]) -> int:
    verdicts = {proof.verdict for proof in proofs} - {"sound"}
    if not verdicts:
        return HOLDS
    return LabrunError.exit_code if verdicts <= set(OPEN) else DOES_NOT_HOLD
