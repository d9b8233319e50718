"""`labrun dev snapshot`: what the kinds can see of a machine, and what changed since."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from json import loads
from pathlib import Path
from typing import Any

from checks.snapshot import model
from checks.snapshot.model import Change, Snapshot
from lab_runner.cli import terminal
from lab_runner.errors import HOLDS, UsageError
from lab_runner.report import json, snapshot

SECONDS = 60


def add_parser(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    summary = "list what checks can see of a machine, or what changed since"
    verb = terminal.add(verbs, "snapshot", show, summary)
    verb.add_argument("--on", default="local", metavar="MACHINE", help="where to look")
    verb.add_argument(
        "--diff", type=Path, metavar="FILE", help="an earlier report with --json"
    )


def show(args: argparse.Namespace) -> int:
    before = _read(args.diff) if args.diff else None
    after = _take(args.on)
    if before is None:
        _show(after, as_json=args.json)
    else:
        _compare(model.diff(before, after), after, as_json=args.json)
    return HOLDS


def _take(machine: str) -> Snapshot:
    from checks.snapshot.take import take  # noqa: PLC0415  (the doors, when asked for)
    from lab_runner.session import open_door  # noqa: PLC0415  (as above)

    with closing(open_door(machine)) as door:
        door.allow(SECONDS)
        return take(door)


def _show(found: Snapshot, *, as_json: bool) -> None:
    if as_json:
        print(json.dump("dev snapshot", asdict(found)))
    else:
        print(snapshot.text(found))


def _compare(found: Sequence[Change], after: Snapshot, *, as_json: bool) -> None:
    if as_json:
        changes = [asdict(change) for change in found]
        fields = {"changes": changes, "unseen": after.unseen}
        print(json.dump("dev snapshot", fields))
    else:
        terminal.say(snapshot.changes(found), snapshot.unseen(after))


def _read(path: Path) -> Snapshot:
    try:
        report = loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _unusable(path, error.strerror or "it cannot be read") from None
    except ValueError:
        raise _unusable(path, "it is not JSON") from None
    match report:
        case {"parts": dict(parts), "unseen": dict(unseen)}:
            if all(map(_is_text, [*parts.values(), unseen])):
                return Snapshot(parts, unseen)
    raise _unusable(path, "it is no snapshot")


def _is_text(found: Any) -> bool:
    return isinstance(found, dict) and all(
        isinstance(value, str) for value in found.values()
    )


def _unusable(path: Path, reason: str) -> UsageError:
    advice = f"labrun dev snapshot --json > {path}"
    return UsageError(f"`{path}` cannot be compared with: {reason}", advice)
