"""chmod, chown, chgrp and install: who may do what with a file."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from typing import Any

from lab_runner.inference import options
from lab_runner.inference.model import Effects, Invocation, change, fact, unknown
from lab_runner.inference.recipes import modes
from lab_runner.inference.recipes.paths import at_or_below

INSTALLED = ("-m", "--mode", "-o", "--owner", "-g", "--group", "-t", "-S")
REMOVED_BITS = ("-r", "-w", "-x", "-rw", "-wx", "-rx", "-rwx")


def chmod(command: Invocation) -> Effects:
    # A mode that takes bits away looks like an option.
    words = [f"u{each}" if each in REMOVED_BITS else each for each in command.arguments]
    given = options.parse(words)
    if given.has("--reference") or len(given.words) < 2:
        return unknown("it takes a mode and a path")
    mode = modes.wanted(given.words[0])
    if mode is None:
        return change(why=f"the mode `{given.words[0]}` is not told by a fact")
    return _each(command, given.words[1:], mode=mode)


def chown(command: Invocation) -> Effects:
    given = options.parse(command.arguments, ["--from"])
    if given.has("--reference") or len(given.words) < 2:
        return unknown("it takes an owner and a path")
    owner, _, group = given.words[0].partition(":")
    return _each(command, given.words[1:], owner=owner or None, group=group or None)


def chgrp(command: Invocation) -> Effects:
    given = options.parse(command.arguments)
    if given.has("--reference") or len(given.words) < 2:
        return unknown("it takes a group and a path")
    return _each(command, given.words[1:], group=given.words[0])


def install(command: Invocation) -> Effects:
    given = options.parse(command.arguments, INSTALLED)
    keys: dict[str, Any] = {
        "mode": modes.wanted(given.value("-m", "--mode") or "0755"),
        "owner": given.value("-o", "--owner"),
        "group": given.value("-g", "--group"),
    }
    if given.has("-d", "--directory"):
        return _each(command, given.words, type="directory", **keys)
    folder = given.value("-t", "--target-directory")
    *sources, target = [*given.words, *([folder] if folder else [])] or [""]
    if not sources:
        return unknown("it takes where from and where to")
    if folder or len(sources) > 1 or target.endswith("/"):
        paths = [posixpath.join(target, posixpath.basename(each)) for each in sources]
        return _placed(command, paths, type="file", **keys)
    if posixpath.basename(target) in ("bin", "sbin"):
        path = posixpath.join(target, posixpath.basename(sources[0]))
        return _placed(command, [path], type="file", **keys)
    return _placed(command, [target], **keys)


def _placed(command: Invocation, words: Sequence[str], **keys: Any) -> Effects:
    """What was known of a file that was there before is no longer so."""
    paths = [command.path(word) for word in words]
    return _each(command, paths, **keys).forgetting(at_or_below(paths))


def _each(command: Invocation, words: Sequence[str], **keys: Any) -> Effects:
    return change(*(fact("file", command.path(word), **keys) for word in words))
