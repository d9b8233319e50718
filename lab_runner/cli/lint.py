"""`labrun dev lint`: everything that can be said against labs, without a machine."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

from lab_runner import __version__, course
from lab_runner.cli import terminal
from lab_runner.errors import HOLDS, LabBroken, UsageError
from lab_runner.model import Problem
from lab_runner.report import json

SEED = b"lint"


def add_parser(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    summary = "find what is wrong with labs of any format"
    verb = terminal.add(verbs, "lint", lint, summary, json=False)
    verb.add_argument(
        "paths", nargs="*", metavar="LAB|PATH", help="default: all labs there are"
    )
    verb.add_argument(
        "--strict", action="store_true", help="let warnings decide the exit code too"
    )
    report = verb.add_mutually_exclusive_group()
    report.add_argument("--json", action="store_true", help="report as JSON")
    report.add_argument("--sarif", action="store_true", help="report as SARIF 2.1.0")


def lint(args: argparse.Namespace) -> int:
    from lab_runner.lint.rules import RULES  # noqa: PLC0415  (parsers, when asked for)
    from lab_runner.report import problems as report  # noqa: PLC0415  (as above)

    labs = [path for wanted in args.paths or [""] for path in _labs(wanted)]
    found = [problem for path in labs for problem in _problems(path)]
    if args.sarif:
        print(report.sarif(found, RULES, __version__))
    elif args.json:
        fields = {"labs": len(labs), "problems": json.problems(found)}
        print(json.dump("dev lint", fields))
    else:
        terminal.say(report.text(found), report.summary(len(labs), found))
    return LabBroken.exit_code if _decides(found, is_strict=args.strict) else HOLDS


def _labs(wanted: str) -> list[Path]:
    """Return the labs at a path or of an id; without one, those of course.toml."""
    from lab_runner.formats import formats  # noqa: PLC0415  (parsers, when asked for)

    if not wanted:
        return course.find(course.labs_root())
    path = course.locate(wanted)
    try:
        formats.format_of(path)
    except LabBroken:
        return [path]
    except UsageError:
        inside = formats.labs(path) if path.is_dir() else []
        if not inside:
            raise
        return inside
    return [path]


def _problems(path: Path) -> list[Problem]:
    """Return what is wrong with one lab, and with what it was read from."""
    from lab_runner import loading  # noqa: PLC0415  (parsers, when asked for)
    from lab_runner.lint import lint  # noqa: PLC0415  (as above)

    try:
        reading = loading.read(path, SEED)
    except LabBroken as broken:
        return list(broken.problems)
    found = [*reading.problems, *lint.problems(reading.lab)]
    return sorted(found, key=lint.place)


def _decides(found: Iterable[Problem], *, is_strict: bool) -> bool:
    return any(is_strict or each.severity == "error" for each in found)
