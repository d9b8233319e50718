"""mount and umount."""

from __future__ import annotations

import re

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

VALUED = (
    *("-t", "--types", "-o", "--options", "-L", "--label", "-U", "--uuid", "-O"),
    *("--source", "--target", "-N", "--namespace", "-T", "--fstab"),
)
SHOWN = frozenset(["ro", "rw", "nosuid", "nodev", "noexec", "noatime", "sync"])
"""Options that are listed as they were given."""
BOUND = ("-B", "--bind", "-R", "--rbind")
NAMED = ("tmpfs", "proc", "sysfs", "overlay", "devtmpfs", "cgroup2", "ramfs", "nfs")
DEVICE = re.compile(r"/dev/[a-z0-9]+|[\w.-]+:/.*")


def mount(command: Invocation) -> Effects:
    given = options.parse(command.arguments, VALUED)
    if given.has("-a", "--all"):
        return unknown("what is mounted stands in /etc/fstab")
    if any(name.startswith("--make-") for name in given.options):
        return change(why="how mounts are shared is not told by a fact")
    words = [*given.values("--source"), *given.words, *given.values("--target")]
    if not words:
        return look()
    asked = [o for each in given.values("-o", "--options") for o in each.split(",")]
    fstype = given.value("-t", "--types")
    is_bound = given.has(*BOUND) or "bind" in asked or "rbind" in asked
    is_whole = len(words) == 2 and not is_bound and "loop" not in asked
    return change(
        fact(
            "mount",
            command.path(words[-1]),
            source=_source(words[0], fstype) if is_whole else None,
            fstype=None if is_bound or fstype in ("none", "auto") else fstype,
            options=None if is_bound else [o for o in asked if o in SHOWN] or None,
        )
    )


def _source(word: str, fstype: str | None) -> str | None:
    """Return what `findmnt` shows: names are kept, links to devices are not."""
    return word if fstype in NAMED or DEVICE.fullmatch(word) else None


def umount(command: Invocation) -> Effects:
    given = options.parse(command.arguments, ["-t", "--types", "-O", "-N"])
    if given.has("-a", "--all"):
        return change(
            forgets=lambda known: known.kind == "mount", why="what is in use stays"
        )
    paths = [command.path(each) for each in given.words]
    if any(path.startswith("/dev/") and path.count("/") == 2 for path in paths):
        return unknown("where a device was mounted is not told")
    return change(*(gone("mount", path) for path in paths))
