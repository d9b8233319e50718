"""mkdir, touch, rm, cp, mv and ln: what lies where."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from lab_runner.inference import options
from lab_runner.inference.model import (
    UNKNOWN,
    Effects,
    Fact,
    Forgets,
    Invocation,
    change,
    fact,
    gone,
    unknown,
)
from lab_runner.inference.recipes import modes, units

KINDS = ("file", "bundle", "oci-layout")
DIRECTORIES = options.listed(
    """
    / /bin /boot /etc /home /lib /mnt /opt /root /run /sbin /srv /tmp /usr /usr/bin
    /usr/lib /usr/local /usr/local/bin /usr/local/lib /usr/local/sbin /usr/sbin /var
    /var/lib /var/log /var/tmp /etc/systemd/system
    """
)


def mkdir(command: Invocation) -> Effects:
    given = options.parse(command.arguments, ["-m", "--mode"])
    mode = modes.wanted(given.value("-m", "--mode") or "")
    paths = map(command.path, given.words)
    return change(*(fact("file", p, type="directory", mode=mode) for p in paths))


def touch(command: Invocation) -> Effects:
    given = options.parse(
        command.arguments, ["-d", "-r", "-t", "--date", "--reference"]
    )
    if given.has("-c", "--no-create"):
        return change(why="it makes no file")
    paths = map(command.path, given.words)
    return change(*(fact("file", path, type="file") for path in paths))


def remove(command: Invocation) -> Effects:
    """Read rm, rmdir and unlink."""
    paths = [command.path(each) for each in options.parse(command.arguments).words]
    files = at_or_below(paths)
    return change(*(gone("file", path) for path in paths), forgets=files).forgetting(
        units.of(files)
    )


def copy(command: Invocation) -> Effects:
    pairs = list(_pairs(command))
    if not pairs:
        return unknown("it takes where from and where to")
    targets = [target for _, target in pairs]
    is_deep = options.parse(command.arguments).has("-r", "-R", "-a", "--recursive")
    if is_deep and _may_be_made(command):
        targets = [posixpath.dirname(target) for target in targets]
    texts = [None if is_deep else command.written(command.path(s)) for s, _ in pairs]
    facts = (
        fact("file", target, content=text)
        for target, text in zip(targets, texts, strict=True)
    )
    return change(*facts, forgets=at_or_below(targets))


def move(command: Invocation) -> Effects:
    pairs = list(_pairs(command))
    if not pairs:
        return unknown("it takes where from and where to")
    facts: list[Fact] = []
    for source, target in pairs:
        facts += [gone("file", command.path(source)), fact("file", target)]
    moved = at_or_below([command.path(source) for source, _ in pairs])
    overwritten = at_or_below([target for _, target in pairs])
    return (
        change(*facts, forgets=overwritten)
        .forgetting(moved)
        .forgetting(units.of(moved))
    )


def _may_be_made(command: Invocation) -> bool:
    """Tell of `cp -r site/ www/` whether `www` may not be there, and become the copy."""
    *sources, target = options.parse(command.arguments).words
    is_known = command.path(target) in {*DIRECTORIES, command.home, command.cwd}
    return len(sources) == 1 and target.endswith("/") and not is_known


def link(command: Invocation) -> Effects:
    given = options.parse(command.arguments, ["-t", "--target-directory", "-S"])
    pairs = list(_pairs(command))
    if len(given.words) == 1 and not pairs:
        pairs = [(given.words[0], command.path(posixpath.basename(given.words[0])))]
    if not pairs:
        return unknown("it takes what it leads to and where it lies")
    if given.has("-s", "--symbolic"):
        return change(*(_symlink(source, target) for source, target in pairs))
    return change(*(fact("file", target) for _, target in pairs))


def _symlink(source: str, target: str) -> Fact:
    return fact("file", target, type="symlink", target=source)


def _pairs(command: Invocation) -> Iterator[tuple[str, str]]:
    """Yield each source with the absolute path at which it lies afterwards."""
    given = options.parse(command.arguments, ["-t", "--target-directory", "-S"])
    folder = given.value("-t", "--target-directory")
    *sources, target = [*given.words, *([folder] if folder else [])] or [""]
    if not sources:
        return
    is_several = len(sources) > 1 or UNKNOWN in sources[0]
    is_folder = folder or is_several or _names_directory(command, target)
    if given.has("-T", "--no-target-directory"):
        is_folder = False
    for source in sources:
        name = posixpath.basename(source.rstrip("/"))
        yield (
            source,
            command.path(posixpath.join(target, name) if is_folder else target),
        )


def _names_directory(command: Invocation, word: str) -> bool:
    is_written_so = word.endswith("/") or word in (".", "..")
    return is_written_so or command.path(word) in {*DIRECTORIES, command.home}


def at_or_below(paths: list[str]) -> Forgets:
    """Forget what lies at these paths or below; of one with `*`, all that may be meant."""
    known = [each.partition(UNKNOWN) for each in paths]
    begun = tuple(before for before, unknown_part, _ in known if unknown_part)
    whole = tuple(
        f"{path.rstrip('/')}/" for path, unknown_part, _ in known if not unknown_part
    )
    return lambda each: (
        each.kind in KINDS
        and (each.subject.startswith(begun) or f"{each.subject}/".startswith(whole))
    )
