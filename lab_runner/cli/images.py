"""`labrun machine build`, and the options that say what a machine is made of."""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from checks.errors import SpecError
from lab_runner import course, loading
from lab_runner.cli import terminal, waiting
from lab_runner.errors import HOLDS, UsageError
from lab_runner.machines import lifecycle
from lab_runner.model import MachineSpec
from lab_runner.report import json

LIMITS = {
    "memory": ("SIZE", "what it may take of the host's memory, such as 512M or 2G"),
    "processes": ("NUMBER", "how many processes and threads it may have"),
    "cpus": ("NUMBER", "how many processors it may use, such as 0.5"),
    "disk": ("SIZE", "how large its disk is, such as 5G"),
}


def add_parsers(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser], default: str
) -> None:
    """Add the verbs; `default` is the machine whose start is suggested."""
    make = terminal.add(verbs, "build", build, "build the image of a machine")
    _add_image(make)
    make.set_defaults(name=default)


def build(args: argparse.Namespace) -> int:
    began = time.monotonic()
    specs = specs_of(args)
    with waiting.ProgressLine() as progress:
        for spec in specs.values():
            lifecycle.build(spec, progress)
    seconds = time.monotonic() - began
    if args.json:
        images = [
            {"image": s.image, "packages": list(s.packages), "seconds": seconds}
            for s in specs.values()
        ]
        print(json.dump("machine build", {"images": images}))
    else:
        print(
            f"The image is ready ({seconds:.1f} s). Start a machine: {_up_line(args)}"
        )
    return HOLDS


def add_options(command: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Add the options of a command that starts a machine."""
    _add_image(command)
    for name, (metavar, summary) in LIMITS.items():
        command.add_argument(f"--{name}", metavar=metavar, help=summary)
    command.add_argument(
        "--isolated", action="store_true", help="let it reach nothing but the mirror"
    )
    return command


def _add_image(command: argparse.ArgumentParser) -> None:
    command.add_argument("--image", metavar="IMAGE", help="such as debian-12")
    command.add_argument(
        "--package",
        action="append",
        default=[],
        metavar="PACKAGE",
        help="a Debian package to install beforehand; may be repeated",
    )
    command.add_argument("--lab", metavar="LAB|PATH", help="what this lab asks for")


def specs_of(args: argparse.Namespace) -> dict[str, MachineSpec]:
    """Return the machines that are asked for, by member; an only one has no name."""
    asked = _asked(args.lab) if args.lab else {"": MachineSpec()}
    return {member: _changed(spec, args) for member, spec in asked.items()}


def _asked(lab: str) -> Mapping[str, MachineSpec]:
    found = loading.read(course.locate(lab), b"").lab
    return found.machines or {"": found.machine}


def _changed(spec: MachineSpec, args: argparse.Namespace) -> MachineSpec:
    return replace(
        spec,
        image=args.image or spec.image,
        packages=tuple(dict.fromkeys((*spec.packages, *args.package))),
        limits=replace(spec.limits, **_limits(args)),
        isolated=spec.isolated or getattr(args, "isolated", False),
    )


def _limits(args: argparse.Namespace) -> dict[str, Any]:
    given = {name: getattr(args, name, None) for name in LIMITS}
    return {
        name: _limit(name, text) for name, text in given.items() if text is not None
    }


def _limit(name: str, text: str) -> float:
    from lab_runner.formats import machine_spec  # noqa: PLC0415  (only with a limit)

    try:
        value: float = machine_spec.LIMITS[name](text)
    except SpecError as error:
        raise UsageError(f"`--{name} {text}`: {error.message}", error.remedy) from None
    return value


def _up_line(args: argparse.Namespace) -> str:
    words = ["labrun machine up", args.name]
    words += [f"--image {args.image}"] if args.image else []
    words += [f"--lab {args.lab}"] if args.lab else []
    return " ".join([*words, *(f"--package {each}" for each in args.package)])
