"""`labrun dev new`: the first draft of a lab, which can be taken and checked at once."""

from __future__ import annotations

import argparse
from pathlib import Path

from lab_runner import course
from lab_runner.cli import terminal
from lab_runner.errors import HOLDS, UsageError
from lab_runner.formats.files import NAME, as_shown
from lab_runner.formats.slugs import slug
from lab_runner.report import json


def add_parser(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    verb = terminal.add(verbs, "new", new, "begin a lab, with a step to try it on")
    verb.add_argument("name", metavar="NAME", help="its id, such as `first-pod`")
    verb.add_argument(
        "--to", type=Path, default=Path(), metavar="DIR", help="where (default: here)"
    )


def new(args: argparse.Namespace) -> int:
    lab_id = slug(args.name)
    if lab_id != args.name:
        raise UsageError(
            f"`{args.name}` is no id of a lab",
            f"labrun dev new {lab_id or 'first-lab'}: small letters, digits and `-`",
        )
    path = args.to / lab_id / NAME
    _write(path, lab_id)
    if args.json:
        print(json.dump("dev new", {"id": lab_id, "path": str(path)}))
        return HOLDS
    folder = as_shown(path.parent)
    terminal.say(
        f"{as_shown(path)} is written: two steps that work, to be replaced by yours.",
        f"labrun dev lint {folder}     find what is wrong with it\n"
        f"labrun start {folder}        take it",
    )
    return HOLDS


def _write(path: Path, lab_id: str) -> None:
    title = lab_id.replace("-", " ").capitalize()
    text = course.template().replace("TITLE", title).replace("ID", lab_id)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        shown = as_shown(path)
        raise UsageError(f"there is `{shown}` already", "choose another name") from None
    except OSError as error:
        raise UsageError(f"`{path}` cannot be written: {error.strerror}") from None
