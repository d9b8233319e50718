"""apt, apt-get and aptitude: packages from repositories."""

from __future__ import annotations

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
    look,
    unknown,
)

VALUED = ("-t", "--target-release", "-o", "--option", "-c", "--config-file", "-a")
DRY = ("-s", "--simulate", "--dry-run", "--just-print", "-d", "--download-only")
LOOKS = options.listed(
    """
    list search show policy showpkg showsrc depends rdepends madison stats dump
    pkgnames changelog check download source edit-sources indextargets help
    """
)
REFRESHES = ["update", "upgrade", "full-upgrade", "dist-upgrade", "clean", "autoclean"]


def recipe(command: Invocation) -> Effects:
    given = options.parse(command.arguments, VALUED)
    if not given.words:
        return look()
    verb, *names = given.words
    if given.has(*DRY) or verb in LOOKS:
        return look()
    if verb in ("install", "reinstall"):
        return change(*_wanted(names))
    if verb in ("remove", "purge", "autoremove", "autopurge"):
        return removed([_name(each) for each in names])
    if verb in REFRESHES:
        return change(why="it refreshes what is there and leaves no package of its own")
    return unknown(f"labrun knows no `{command.program} {verb}`")


def _wanted(names: list[str]) -> list[Fact]:
    """Packages to install; `name-` is one to remove, `./name.deb` a file."""
    return [
        gone("package", each[:-1]) if each.endswith("-") else installed(each)
        for each in names
    ]


def installed(word: str) -> Fact:
    """Return the fact of `name`, `name=version`, `name/release` or `name:arch`."""
    if word.endswith(".deb"):
        word, underscore, _ = word.rpartition("/")[2].partition("_")
        if not underscore:  # whoever fetched the file has chosen its name
            word = UNKNOWN
    name, _, version = word.partition("=")
    return fact("package", _name(name), version=version or None)


def removed(names: list[str]) -> Effects:
    return change(*(gone("package", each) for each in names), forgets=_brought(names))


def _brought(names: list[str]) -> Forgets:
    """Forget what a package of the same name has brought: its service and command."""
    return lambda known: known.kind in ("service", "command") and known.subject in names


def _name(word: str) -> str:
    return word.partition("=")[0].partition("/")[0].partition(":")[0]


def mark(command: Invocation) -> Effects:
    """apt-mark keeps packages at their version; the kind `package` does not see it."""
    if command.arguments[:1] in (("showhold",), ("showmanual",), ("showauto",)):
        return look()
    return change(why="labrun does not look at marks of packages")
