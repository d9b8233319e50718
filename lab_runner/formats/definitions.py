"""Images that are defined in a file: a system, or another definition, and more."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from checks.words import did_you_mean
from lab_runner import course
from lab_runner.errors import UsageError
from lab_runner.formats.faults import Faults
from lab_runner.formats.files import as_shown
from lab_runner.model import Limits, MachineSpec

EXAMPLE = 'Write keys and values, such as `packages = ["jq"]`'


def resolve(spec: MachineSpec) -> MachineSpec:
    """Return what a specification comes to when its image is traced back to a system.

    Packages and images of the registry come together; of files and limits the nearer
    win. Raises UsageError for an image that is not there, LabBroken for a definition
    that is wrong.
    """
    known = course.definitions()
    passed: list[str] = []
    while spec.image not in course.SYSTEMS:
        if spec.image not in known:
            raise _unknown(spec.image, [*course.SYSTEMS, *known])
        passed.append(spec.image)
        spec = _over(_read(known[spec.image], passed), spec)
    return spec


def _read(path: Path, passed: Sequence[str]) -> MachineSpec:
    """Read a definition; `passed` leads to it, and it must not lead back."""
    from lab_runner.formats import (  # noqa: PLC0415  (most machines need no definition)
        machine_spec,
        toml_nodes,
    )

    shown = as_shown(path)
    faults = Faults(shown)
    text = path.read_text(encoding="utf-8", errors="replace")
    node = toml_nodes.read(text, shown, EXAMPLE)
    spec = machine_spec.one(node, path.parent, faults, "a definition")
    if spec.image in passed:
        way = " → ".join(f"`{each}`" for each in (*passed, spec.image))
        message = f"this image is based on itself: {way}"
        faults.add(node.entries["image"].place, message, "Base one of them on a system")
    faults.settle()
    return spec


def _over(base: MachineSpec, spec: MachineSpec) -> MachineSpec:
    files = {file.path: file for file in (*base.files, *spec.files)}
    return MachineSpec(
        image=base.image,
        packages=tuple(dict.fromkeys((*base.packages, *spec.packages))),
        files=tuple(files.values()),
        registry=tuple(dict.fromkeys((*base.registry, *spec.registry))),
        limits=_limits(base.limits, spec.limits),
        isolated=base.isolated or spec.isolated,
    )


def _limits(base: Limits, nearer: Limits) -> Limits:
    asked = dataclasses.asdict(nearer).items()
    return dataclasses.replace(base, **{k: v for k, v in asked if v is not None})


def _unknown(image: str, known: Sequence[str]) -> UsageError:
    guess = did_you_mean(image, known)
    listed = f"images: {', '.join(known)}"
    return UsageError(f"there is no image `{image}`{guess}", listed)
