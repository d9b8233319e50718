"""Packages by other means than apt: dpkg, dnf and yum, snap."""

from __future__ import annotations

from lab_runner.inference import options
from lab_runner.inference.model import (
    Effects,
    Fact,
    Invocation,
    change,
    fact,
    gone,
    look,
    unknown,
)
from lab_runner.inference.recipes import apt

DPKG_LOOKS = ("-l", "-L", "-s", "-S", "-p", "-I", "-c", "--list", "--listfiles")
MORE_DPKG_LOOKS = ("--status", "--search", "--info", "--contents", "--get-selections")
DNF_LOOKS = options.listed(
    """
    list info search provides repolist check-update history repoquery
    """
)
SNAP_LOOKS = options.listed(
    """
    list info find services logs version connections changes warnings
    """
)
OTHERS = "labrun asks dpkg about packages and no other manager"
SNAPS = "/snap"


def dpkg(command: Invocation) -> Effects:
    given = options.parse(command.arguments)
    if given.has(*DPKG_LOOKS, *MORE_DPKG_LOOKS, "--print-architecture"):
        return look()
    if given.has("-i", "--install"):
        return change(*map(apt.installed, given.words))
    if given.has("-r", "--remove", "-P", "--purge"):
        return apt.removed(list(given.words))
    if given.has("--configure", "--add-architecture", "--set-selections"):
        return change(why="it leaves no package of its own")
    return unknown("labrun does not know what dpkg is to do here")


def dnf(command: Invocation) -> Effects:
    given = options.parse(command.arguments, ("-c", "--repo", "--enablerepo", "-x"))
    if not given.words or given.words[0] in DNF_LOOKS:
        return look()
    return change(why=OTHERS)


def snap(command: Invocation) -> Effects:
    """A snap is a folder below /snap, with its revision that is used as `current`."""
    given = options.parse(command.arguments, ("--channel", "--revision", "-n"))
    verb, *names = given.words or ("version",)
    if verb in SNAP_LOOKS:
        return look()
    if verb == "install" and any(_is_file(each) for each in names):
        return change(why="the name of a snap stands in its file")
    if verb in ("install", "refresh", "revert", "enable") and names:
        return change(*(fact("file", f"{SNAPS}/{each}/current") for each in names))
    if verb == "remove":
        return change(
            *(gone("file", f"{SNAPS}/{each}/current") for each in names),
            forgets=lambda known: any(
                known.subject.startswith(f"snap.{each}.") for each in names
            ),
        )
    if verb in ("start", "stop", "restart"):
        return change(*_services(verb, names, given))
    if verb in ("set", "unset", "connect", "disconnect", "alias", "refresh", "disable"):
        return change(why="labrun cannot look at the settings of snaps")
    return unknown(f"labrun knows no `snap {verb}`")


def _is_file(name: str) -> bool:
    return "/" in name or name.endswith(".snap")


def _services(verb: str, names: list[str], given: options.Arguments) -> list[Fact]:
    """`snap start APP.SERVICE` is the unit snap.APP.SERVICE; of APP alone, all of it."""
    enabled = {"start": True, "stop": False}.get(verb)
    asked = enabled if given.has("--enable", "--disable") else None
    return [
        fact("service", f"snap.{each}", active=verb != "stop", enabled=asked)
        for each in names
        if "." in each
    ]
