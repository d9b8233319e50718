"""Accounts and groups: useradd, usermod, userdel, adduser, passwd and chsh."""

from __future__ import annotations

from typing import Any

from lab_runner.inference import options
from lab_runner.inference.model import (
    Effects,
    Fact,
    Forgets,
    Invocation,
    change,
    fact,
    gone,
    interactive,
    look,
    unknown,
)
from lab_runner.inference.options import Arguments

VALUED = options.listed(
    """
    -G -K -R -b -c -d -e -f -g -k -l -p -s -u -Z --base-dir --comment --conf --expiredate
    --firstuid --gecos --gid --groups --home --home-dir --inactive --ingroup --key
    --lastuid --login --password --prefix --root --selinux-user --shell --skel --uid
    """
)
QUIET = ("--disabled-password", "--disabled-login", "--system")
GROUP = ("-g", "-K", "-p", "-R", "-U", "--gid", "--key", "--password", "--users")
PASSWORD = ("-a", "-d", "-A", "-M", "--add", "--delete", "--members")
WHO_IS_LEFT = "who is left in a group is not told by a fact"


def useradd(command: Invocation) -> Effects:
    given = options.parse(command.arguments, VALUED)
    if given.has("-D", "--defaults"):
        return look()
    if not given.words:
        return unknown("no account is named")
    name = given.words[-1]
    has_home = given.has("-m", "--create-home")
    home = given.value("-d", "--home-dir", "--home") or f"/home/{name}"
    return change(_account(name, given, home if has_home else None))


def adduser(command: Invocation) -> Effects:
    """Read Debian's adduser, which asks for what it is not told."""
    given = options.parse(command.arguments, VALUED)
    match given.words:
        case (name, group):
            return change(fact("user", name, groups=[group]))
        case (name,) if given.has("--group") and not given.has("--system"):
            return change(fact("group", name, gid=_number(given.value("--gid"))))
        case (name,):
            made = (_account(name, given, _home(name, given)),)
            if given.has(*QUIET) and (given.has("--gecos", "--comment", "--system")):
                return change(*made)
            return Effects("interactive", made, why="it asks who it is for")
    return unknown("no account is named")


def _home(name: str, given: Arguments) -> str | None:
    if given.has("--no-create-home", "--system"):
        return None
    return given.value("--home") or f"/home/{name}"


def _account(name: str, given: Arguments, home: str | None) -> Fact:
    return fact(
        "user",
        name,
        uid=_number(given.value("-u", "--uid")),
        home=home,
        shell=given.value("-s", "--shell"),
        groups=_groups(given),
    )


def _groups(given: Arguments) -> list[str] | None:
    listed = given.values("-g", "--gid", "--ingroup", "-G", "--groups")
    names = [name for each in listed for name in each.split(",")]
    return [name for name in names if not name.isdecimal()] or None


def usermod(command: Invocation) -> Effects:
    given = options.parse(command.arguments, VALUED)
    if not given.words:
        return unknown("no account is named")
    old = given.words[-1]
    name = given.value("-l", "--login") or old
    keys: dict[str, Any] = {}
    if given.has("-m", "--move-home"):
        keys["home"] = given.value("-d", "--home")
    if given.has("-L", "--lock", "-U", "--unlock"):
        keys["locked"] = given.has("-L", "--lock")
    made = fact("user", name, **{**_account(name, given, None).spec, **keys})
    return change(*([gone("user", old)] if name != old else []), made)


def userdel(command: Invocation) -> Effects:
    """Read userdel and deluser; `deluser NAME GROUP` only takes one out of a group."""
    words = options.parse(
        command.arguments, ["--home", "--backup-to", "-R", "-P"]
    ).words
    if command.program == "deluser" and len(words) == 2:
        return change(forgets=_members(words[0], words[1]), why=WHO_IS_LEFT)
    names = words[-1:]
    return change(*(gone("user", name) for name in names), forgets=_traces(names))


def _traces(names: tuple[str, ...]) -> Forgets:
    """Forget the homes and the own groups of accounts."""
    homes = tuple(f"/home/{name}" for name in names)
    return lambda known: (
        (known.kind == "group" and known.subject in names)
        or (known.kind == "file" and known.subject.startswith(homes))
    )


def _members(user: str, group: str) -> Forgets:
    return lambda known: (
        known.kind in ("user", "group") and known.subject in (user, group)
    )


def groupadd(command: Invocation) -> Effects:
    """Read groupadd and addgroup."""
    given = options.parse(command.arguments, GROUP)
    gid = _number(given.value("-g", "--gid"))
    match given.words:
        case (user, group) if command.program == "addgroup":
            return change(fact("user", user, groups=[group]))
        case (*_, name):
            return change(fact("group", name, gid=gid))
    return unknown("no group is named")


def groupmod(command: Invocation) -> Effects:
    given = options.parse(command.arguments, ["-g", "--gid", "-n", "--new-name", "-R"])
    if not given.words:
        return unknown("no group is named")
    old = given.words[-1]
    name = given.value("-n", "--new-name") or old
    made = fact("group", name, gid=_number(given.value("-g", "--gid")))
    return change(*([gone("group", old)] if name != old else []), made)


def groupdel(command: Invocation) -> Effects:
    """Read groupdel and delgroup."""
    words = options.parse(command.arguments, ["-R", "-P"]).words
    if len(words) == 2:
        return change(forgets=_members(words[0], words[1]), why=WHO_IS_LEFT)
    return change(*(gone("group", name) for name in words))


def gpasswd(command: Invocation) -> Effects:
    given = options.parse(command.arguments, PASSWORD)
    group = given.words[-1] if given.words else ""
    if added := given.value("-a", "--add"):
        return change(fact("user", added, groups=[group]))
    if members := given.value("-M", "--members"):
        return change(fact("group", group, members=members.split(",")))
    if removed := given.value("-d", "--delete"):
        return change(forgets=_members(removed, group), why=WHO_IS_LEFT)
    return interactive("it asks for a password")


def chpasswd(_: Invocation) -> Effects:
    return change(why="no password is looked at")


def passwd(command: Invocation) -> Effects:
    given = options.parse(command.arguments, ["-n", "-x", "-w", "-i", "-R", "-r"])
    name = given.words[0] if given.words else command.user
    if given.has("-S", "--status"):
        return look()
    if given.has("-l", "--lock", "-u", "--unlock"):
        return change(fact("user", name, locked=given.has("-l", "--lock")))
    if given.has("-d", "--delete", "-e", "--expire", "--stdin"):
        return change(why="no password is looked at")
    return interactive("it asks for a password")


def chsh(command: Invocation) -> Effects:
    given = options.parse(command.arguments, ["-s", "--shell", "-R"])
    shell = given.value("-s", "--shell")
    if shell is None:
        return interactive("it asks for a shell")
    name = given.words[0] if given.words else command.user
    return change(fact("user", name, shell=shell))


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None
