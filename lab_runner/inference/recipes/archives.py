"""tar, zip, unzip and gzip: archives, and the members that are taken out by name."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from lab_runner.inference import options
from lab_runner.inference.model import (
    Effects,
    Forgets,
    Invocation,
    below,
    change,
    fact,
    gone,
    look,
    unknown,
)

TAR = options.listed(
    """
    -C -f -I -X -T -b -g --directory --exclude --exclude-from --file --files-from
    --group --mode --mtime --owner --strip-components --transform --use-compress-program
    --wildcards-match --xform
    """
)
UNTOLD = "what an archive holds is not told"
ENDINGS = {"gzip": ".gz", "bzip2": ".bz2", "xz": ".xz", "zstd": ".zst"}
OPENERS = {"gunzip": ".gz", "bunzip2": ".bz2", "unxz": ".xz", "unzstd": ".zst"}


def tar(command: Invocation) -> Effects:
    given = options.parse(_dashed(command.arguments), TAR)
    if given.has("-t", "--list", "-d", "--diff", "--compare"):
        return look()
    archive = given.value("-f", "--file")
    if given.has("-x", "--extract", "--get"):
        folder = given.value("-C", "--directory") or "."
        renames = given.has("--strip-components", "--transform", "--xform", "-O")
        return _extracted(command, folder, () if renames else given.words)
    if given.has("-c", "-r", "-u", "--create", "--append", "--update"):
        if archive in (None, "-"):
            return look()
        return change(fact("file", command.path(archive or ""), type="file"))
    return unknown("it is not said what is to be done")


def _dashed(given: Sequence[str]) -> list[str]:
    """Give the old form its dashes: the values of `Cxzf DIR FILE` follow in order."""
    first, *rest = given or ("",)
    if first.startswith("-") or not first.isalpha():
        return list(given)
    dashed: list[str] = []
    for letter in first:
        dashed.append(f"-{letter}")
        if f"-{letter}" in TAR and rest:
            dashed.append(rest.pop(0))
    return dashed + rest


def _extracted(command: Invocation, folder: str, members: Sequence[str]) -> Effects:
    paths = [command.path(posixpath.join(folder, each)) for each in members]
    facts = (fact("file", path) for path in paths)
    lost = _overwritten(command.path(folder))
    return change(*facts, forgets=lost, why="" if members else UNTOLD)


def _overwritten(folder: str) -> Forgets:
    """Forget what files below a folder hold, and which are gone from it."""
    is_below = below(folder)
    return lambda known: (
        is_below(known) and (known.is_absence or "content" in known.spec)
    )


def unzip(command: Invocation) -> Effects:
    given = options.parse(command.arguments, ["-d", "-x", "-P"])
    if given.has("-l", "-v", "-t", "-Z", "-z", "-p"):
        return look()
    folder = given.value("-d") or "."
    if given.has("-j"):
        return change(why=UNTOLD)
    return _extracted(command, folder, given.words[1:])


def zipped(command: Invocation) -> Effects:
    words = options.parse(command.arguments, ["-i", "-x", "-P", "-n", "-t", "-b"]).words
    if not words:
        return unknown("no archive is named")
    name = words[0] if "." in posixpath.basename(words[0]) else f"{words[0]}.zip"
    return change(fact("file", command.path(name), type="file"))


def compress(command: Invocation) -> Effects:
    """Read gzip, bzip2, xz and zstd, and gunzip and the like."""
    given = options.parse(command.arguments, ["-S", "--suffix", "-T", "-o"])
    name = command.program
    if given.has("-c", "--stdout", "-l", "--list", "-t", "--test") or not given.words:
        return look()
    opens = name in OPENERS or given.has("-d", "--decompress")
    ending = ENDINGS.get(name) or OPENERS[name]
    keeps = given.has("-k", "--keep") or "zst" in ending
    facts = []
    for word in given.words:
        path = command.path(word)
        made = path.removesuffix(ending) if opens else path + ending
        facts += [] if keeps or made == path else [gone("file", path)]
        facts.append(fact("file", made, type="file"))
    return change(*facts)
