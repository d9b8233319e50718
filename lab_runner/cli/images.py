"""`labrun machine build`, and the options that say what a machine is made of."""

from __future__ import annotations

import argparse
import time

from lab_runner import course
from lab_runner.cli import terminal, waiting
from lab_runner.errors import HOLDS
from lab_runner.machines import lifecycle
from lab_runner.model import MachineSpec
from lab_runner.report import json


def add_parsers(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser], default: str
) -> None:
    """Add the verbs; `default` is the machine whose start is suggested."""
    make = terminal.add(verbs, "build", build, "build the image of a machine")
    add_options(make)
    make.set_defaults(name=default)


def build(args: argparse.Namespace) -> int:
    began = time.monotonic()
    spec = spec_of(args)
    with waiting.ProgressLine() as progress:
        lifecycle.build(spec, progress)
    seconds = time.monotonic() - began
    if args.json:
        packages = list(spec.packages)
        image = {"image": spec.image, "packages": packages, "seconds": seconds}
        print(json.dump("machine build", {"images": [image]}))
    else:
        print(
            f"The image is ready ({seconds:.1f} s). Start a machine: {_up_line(args.name, spec)}"
        )
    return HOLDS


def add_options(command: argparse.ArgumentParser) -> argparse.ArgumentParser:
    command.add_argument("--image", metavar="IMAGE", help="such as debian-12")
    command.add_argument(
        "--package",
        action="append",
        default=[],
        metavar="PACKAGE",
        help="a Debian package to install beforehand; may be repeated",
    )
    command.add_argument(
        "--lab", metavar="LAB|PATH", help="the machine that this lab asks for"
    )
    return command


def spec_of(args: argparse.Namespace) -> MachineSpec:
    if args.lab is None:
        return MachineSpec(args.image or MachineSpec().image, tuple(args.package))
    from lab_runner.formats import native  # noqa: PLC0415  (only with --lab)

    asked = native.read(course.locate(args.lab), b"").machine
    packages = (*asked.packages, *args.package)
    return MachineSpec(args.image or asked.image, tuple(dict.fromkeys(packages)))


def _up_line(name: str, spec: MachineSpec) -> str:
    packages = [f"--package {each}" for each in spec.packages]
    return " ".join(["labrun machine up", name, *packages])
