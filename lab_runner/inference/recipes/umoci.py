"""umoci: images in the OCI layout, and bundles made of them."""

from __future__ import annotations

import posixpath

from lab_runner.inference import options
from lab_runner.inference.model import (
    Effects,
    Invocation,
    change,
    fact,
    gone,
    look,
    unknown,
)
from lab_runner.inference.recipes.skopeo import layout

VALUED = options.listed(
    """
    --architecture --author --clear --compress --config.cmd --config.entrypoint
    --config.env --config.exposedports --config.label --config.stopsignal --config.user
    --config.volume --config.workingdir --created --gid-map --history.author
    --history.comment --history.created --history.created_by --image --layout --log
    --manifest.annotation --mask-path --os --rootfs --tag --uid-map
    """
)
LOOKS = frozenset(["help", "list", "ls", "stat"])


def recipe(command: Invocation) -> Effects:
    given = options.parse(command.arguments, VALUED)
    verb, *rest = given.words or ("",)
    if verb in LOOKS or not verb:
        return look()
    if verb == "raw" and rest:
        verb, *rest = (f"raw {rest[0]}", *rest[1:])
    image = given.value("--image") or ""
    folder, _, tag = image.partition(":")
    match verb:
        case "init" if given.value("--layout"):
            path = command.path(given.value("--layout") or "")
            return change(fact("file", posixpath.join(path, "oci-layout"), type="file"))
        case "unpack" | "raw unpack" if rest:
            return _unpacked(command, verb, rest[0])
        case "tag" if rest:
            return change(layout(command, f"{folder}:{rest[0]}"))
        case "remove" | "rm":
            return change(gone("oci-layout", command.path(folder), tag=tag or "latest"))
        case "new" | "repack" | "config" | "insert" | "raw add-layer":
            name = given.value("--tag") or tag or "latest"
            return change(layout(command, f"{folder}:{name}"))
        case "raw runtime-config" if rest:
            return change(fact("file", command.path(rest[0]), type="file"))
        case "gc":
            return change(why="what nothing refers to is not told by a fact")
    return unknown(f"labrun knows no `umoci {verb}`")


def _unpacked(command: Invocation, verb: str, folder: str) -> Effects:
    path = command.path(folder)
    if verb == "raw unpack":
        return change(fact("file", path, type="directory"))
    return change(fact("bundle", path))
