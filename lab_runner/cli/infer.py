"""`labrun dev infer`: what a text's commands leave true, and why."""

from __future__ import annotations

import argparse
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from lab_runner import course
from lab_runner.cli import terminal, waiting
from lab_runner.errors import DOES_NOT_HOLD, HOLDS, LabrunError, UsageError
from lab_runner.report import json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lab_runner.inference.infer import Inferred
    from lab_runner.model import Lab, Task

SEED = b"infer"


def add_parser(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    summary = "show the checks that follow from a text's commands"
    verb = terminal.add(verbs, "infer", infer, summary)
    verb.add_argument("path", metavar="LAB|PATH")
    verb.add_argument(
        "--write", metavar="COPY", help="write a copy of the file with these checks"
    )
    verb.add_argument(
        "--run",
        dest="is_tried",
        action="store_true",
        help="try the text twice on fresh lab machines, and see what it changes",
    )
    verb.add_argument(
        "--timeout",
        type=terminal.seconds,
        default=120.0,
        metavar="SECONDS",
        help="what one command may take with --run (default: 120)",
    )


def infer(args: argparse.Namespace) -> int:
    from lab_runner import inferring  # noqa: PLC0415  (parsers, when asked for)
    from lab_runner.formats import formats  # noqa: PLC0415  (as above)
    from lab_runner.inference import infer as inference  # noqa: PLC0415  (as above)
    from lab_runner.report import inference as report  # noqa: PLC0415  (as above)

    path = course.locate(args.path)
    lab = formats.read(path, SEED).lab
    steps = list(inference.infer(lab))
    if args.write and Path(args.write).exists():
        raise UsageError(f"`{args.write}` is there already", "name a new file")
    if args.is_tried:
        return _try(args, lab, path, steps)
    tasks = [list(each.tasks) for each in inferring.complete(lab).steps]
    if args.write:
        _write(lab, path, Path(args.write), steps, tasks)
    if args.json:
        print(json.dump("dev infer", report.fields(steps)))
    else:
        print(report.text(zip(steps, tasks, strict=True)))
    return HOLDS


def _try(args: argparse.Namespace, lab: Lab, path: Path, steps: list[Inferred]) -> int:
    """Try a text on lab machines; Ctrl-C takes them down."""
    from lab_runner import inferring  # noqa: PLC0415  (parsers, when asked for)
    from lab_runner.report import trying as report  # noqa: PLC0415  (as above)
    from lab_runner.trying import trying  # noqa: PLC0415  (as above)

    if not any(step.solution for step in lab.steps):
        raise UsageError(f"`{args.path}` has no command to try", "name another text")
    with waiting.ProgressLine() as progress:
        complete = inferring.complete(lab)
        outcomes = list(trying.run(complete, steps, args.timeout, progress))
    if args.write:
        kept = [report.kept(each) for each in outcomes]
        kept += [[] for _ in lab.steps[len(outcomes) :]]
        _write(lab, path, Path(args.write), steps, kept)
    if args.json:
        print(json.dump("dev infer", report.fields(steps, outcomes)))
    else:
        print(report.text(outcomes))
    return HOLDS if all(each.is_as_inferred for each in outcomes) else DOES_NOT_HOLD


def _write(
    lab: Lab, path: Path, copy: Path, steps: list[Inferred], tasks: list[list[Task]]
) -> None:
    """Write the copy; of it remains nothing where it would be no lab."""
    file = path / "lab.md" if path.is_dir() else path
    held = _checked(file.read_text(encoding="utf-8"), steps, tasks)
    copy.write_text(held, encoding="utf-8")
    _read_back(lab, copy, tasks)


def _checked(text: str, steps: list[Inferred], tasks: list[list[Task]]) -> str:
    """Put each step's inferred checks at its end."""
    from lab_runner.report import inference as report  # noqa: PLC0415  (parsers)

    lines = text.splitlines(keepends=True)
    starts = [each.step.source.line - 1 for each in steps]
    parts = ["".join(lines[: starts[0]])] if starts else [text]
    for (start, end), own in zip(pairwise([*starts, len(lines)]), tasks, strict=True):
        section = "".join(lines[start:end])
        new = [each for each in own if each.origin != "authored"]
        fence = f"\n{report.fence(new)}\n" if new else ""
        parts.append(section.rstrip("\n") + "\n" + fence if new else section)
    return "".join(parts)


def _read_back(lab: Lab, copy: Path, tasks: list[list[Task]]) -> None:
    """Make sure that the copy is a native lab which asks for the same."""
    from lab_runner.formats import native  # noqa: PLC0415  (parsers, when asked for)

    try:
        found = native.read(copy, SEED).lab
        same = [_subjects(s.tasks) for s in found.steps] == list(map(_subjects, tasks))
    except LabrunError:
        copy.unlink()
        raise
    if not same:
        copy.unlink()
        raise LabrunError(
            f"the steps of `{lab.source.path}` are not those of a native lab",
            "begin each step with `## Title`",
        )


def _subjects(tasks: Iterable[Task]) -> list[tuple[str, str]]:
    return [(task.kind, str(task.spec[task.kind])) for task in tasks]
