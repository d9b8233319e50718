"""`labrun machine mirror`: the images that machines can pull without the internet."""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from lab_runner import course, loading
from lab_runner.cli import terminal, waiting
from lab_runner.errors import HOLDS, LabBroken, LabrunError
from lab_runner.machines import folder, host, signals
from lab_runner.machines.mirror import catalogue, references
from lab_runner.machines.mirror.catalogue import Outcome
from lab_runner.report import json, machine, mirror


def add_parsers(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    summary = "keep images for machines to pull without the internet"
    noun = verbs.add_parser("mirror", help=summary, description=summary)
    actions = noun.add_subparsers(dest="action", metavar="COMMAND", required=True)
    adding = terminal.add(actions, "add", add, "fetch images and keep them")
    adding.add_argument("images", nargs="+", metavar="IMAGE")
    adding.add_argument(
        "--from",
        dest="source",
        default="",
        metavar="SOURCE",
        help="oci-archive:FILE, oci:FOLDER, docker-archive:FILE, docker-daemon:IMAGE,"
        " dir:FOLDER or docker://REGISTRY (default: the image's own registry)",
    )
    adding.add_argument(
        "--all-platforms",
        action="store_true",
        help="not only what this machine's processor can run",
    )
    terminal.add(actions, "list", show, "list the images that are here")
    syncing = terminal.add(actions, "sync", sync, "bring images up to date")
    syncing.add_argument(
        "--lab", metavar="LAB|PATH", help="fetch what this lab asks for (default: all)"
    )
    removing = terminal.add(actions, "remove", remove, "remove images")
    removing.add_argument("images", nargs="+", metavar="IMAGE")


def add(args: argparse.Namespace) -> int:
    host.require_root()
    folder.prepare()
    with signals.raised(), waiting.ProgressLine() as progress:
        outcomes = catalogue.add(
            args.images, progress, source=args.source, everywhere=args.all_platforms
        )
    return _report("machine mirror add", outcomes, args)


def sync(args: argparse.Namespace) -> int:
    host.require_root()
    folder.prepare()
    paths = [course.locate(args.lab)] if args.lab else course.find(course.labs_root())
    asked = [image for path in paths for image in _asked_by(path)[1]]
    with signals.raised(), waiting.ProgressLine() as progress:
        outcomes = catalogue.sync(asked, progress)
    if not outcomes and not args.json:
        print("Nothing was added, and no lab asks for an image.")
        return HOLDS
    return _report("machine mirror sync", outcomes, args)


def show(args: argparse.Namespace) -> int:
    host.require_root()
    images, labs = catalogue.images(), _labs(course.find(course.labs_root()))
    if args.json:
        found = [mirror.fields(each, labs.get(str(each.name), ())) for each in images]
        print(json.dump("machine mirror list", {"images": found}))
    else:
        print(mirror.table(images, labs))
    return HOLDS


def remove(args: argparse.Namespace) -> int:
    host.require_root()
    freed = catalogue.remove(args.images)
    if args.json:
        names = dict.fromkeys(str(references.parse(each).name) for each in args.images)
        gone = [{"name": name, "status": "removed"} for name in names]
        fields = {"images": gone, "freed": freed}
        print(json.dump("machine mirror remove", fields))
    else:
        print(f"Removed: {machine.size(freed)} are free again.")
    return HOLDS


def _report(command: str, outcomes: Sequence[Outcome], args: argparse.Namespace) -> int:
    """Print what became of each image; 3 when one could not be fetched."""
    failures = [each.failure for each in outcomes if each.failure]
    if args.json:
        found = [mirror.outcome_fields(each) for each in outcomes]
        print(json.dump(command, {"images": found}))
    else:
        print("\n".join(map(mirror.line, outcomes)))
        for remedy in dict.fromkeys(each.remedy for each in failures if each.remedy):
            print(f"  {remedy}")
    return LabrunError.exit_code if failures else HOLDS


def _labs(paths: Iterable[Path]) -> dict[str, list[str]]:
    """Return the ids of labs by the images they ask for; a broken lab asks for none."""
    labs: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        with suppress(LabBroken):
            lab, images = _asked_by(path)
            for image in images:
                labs[str(references.parse(image).name)].append(lab)
    return labs


def _asked_by(path: Path) -> tuple[str, list[str]]:
    """Return a lab's id and the images that its machines ask for."""
    lab = loading.read(path, b"").lab
    specs = [lab.machine, *lab.machines.values()]
    return lab.id, [image for spec in specs for image in spec.registry]
