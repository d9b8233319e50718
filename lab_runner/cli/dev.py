"""`labrun dev`: for those who write labs and kinds of check."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from json import dumps
from pathlib import Path

from checks import description, registry
from checks.description import Description
from checks.errors import SpecError
from checks.words import did_you_mean
from lab_runner.cli import importing, infer, lint, new, prove, snapshot, terminal
from lab_runner.errors import HOLDS, UsageError
from lab_runner.report import json, kinds, prose, reference
from lab_runner.schema.document import PARTS, document

GUIDE = Path("content/guide")


def add_parsers(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
) -> None:
    summary = "help with writing labs and kinds of check"
    noun = commands.add_parser("dev", help=summary, description=summary)
    verbs = noun.add_subparsers(dest="verb", metavar="COMMAND", required=True)
    listed = terminal.add(verbs, "kinds", list_kinds, "list the kinds of check")
    listed.add_argument("kind", nargs="?", metavar="KIND", help="show its page")
    schema = terminal.add(
        verbs,
        "schema",
        print_schema,
        "print the JSON Schema of what is YAML in a lab, for an editor",
        json=False,
    )
    schema.add_argument("part", nargs="?", default="", metavar="PART")
    infer.add_parser(verbs)
    lint.add_parser(verbs)
    new.add_parser(verbs)
    prove.add_parser(verbs)
    snapshot.add_parser(verbs)
    importing.add_parser(verbs)
    terminal.add(
        verbs,
        "reference",
        write_reference,
        "write the guide's pages about kinds anew, in a checkout of labrun",
        json=False,
    )


def list_kinds(args: argparse.Namespace) -> int:
    """List all kinds or show one; what cannot be used is told and hides nothing."""
    if args.kind:
        return _show(_described(args.kind), as_json=args.json)
    found, faults = _all()
    if args.json:
        unusable = [{"message": f.message, "remedy": f.remedy} for f in faults]
        listed = {"kinds": [kinds.fields(k) for k in found], "unusable": unusable}
        print(json.dump("dev kinds", listed))
        return HOLDS
    print(kinds.text(found))
    _tell(faults)
    return HOLDS


def print_schema(args: argparse.Namespace) -> int:
    if args.part not in ("", *PARTS):
        near, known = did_you_mean(args.part, PARTS), ", ".join(PARTS)
        raise UsageError(f"no part of a lab is `{args.part}`{near}", f"parts: {known}")
    found, faults = _all()
    print(dumps(document(found, args.part), indent=2))
    _tell(faults)
    return HOLDS


def write_reference(_: argparse.Namespace) -> int:
    index, folder = GUIDE / "checks.md", GUIDE / "checks"
    if not index.is_file():
        raise UsageError(f"there is no `{index}` here", "go to a checkout of labrun")
    own = [description.describe(kind) for kind in registry.KINDS]
    written = reference.pages(own)
    folder.mkdir(exist_ok=True)
    for name, page in written.items():
        (folder / name).write_text(page, encoding="utf-8")
    for path in folder.glob("*.md"):
        if path.name not in written:
            path.unlink()
    introduction = index.read_text(encoding="utf-8")
    index.write_text(reference.indexed(introduction, own), encoding="utf-8")
    print(f"{len(written)} pages are in {folder}.")
    return HOLDS


def _described(kind: str) -> Description:
    try:
        return description.describe(kind)
    except SpecError as error:
        raise UsageError(error.message, error.remedy) from None


def _show(kind: Description, *, as_json: bool) -> int:
    if as_json:
        print(json.dump("dev kinds", {"kinds": [kinds.fields(kind)], "unusable": []}))
    else:
        print(prose.markdown(reference.page(kind), terminal.style(sys.stdout)))
    return HOLDS


def _tell(faults: Iterable[SpecError]) -> None:
    for fault in faults:
        print(f"labrun: {kinds.unusable(fault)}", file=sys.stderr)


def _all() -> tuple[list[Description], list[SpecError]]:
    found, faults = [], list(_shadowed())
    for kind in registry.names():
        try:
            found.append(description.describe(kind))
        except SpecError as error:
            faults.append(error)
    return found, faults


def _shadowed() -> Iterable[SpecError]:
    for kind, origin in registry.shadowed().items():
        yield SpecError(
            f"the kind `{kind}` of {origin} cannot be used: labrun has a kind `{kind}`",
            "uninstall it, or ask its authors for another name",
        )
