"""The kind `user`: an account of the machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from shlex import quote
from typing import ClassVar

from checks.doors.machine import Machine
from checks.errors import CheckError, NotPermitted, SpecError
from checks.host import accounts
from checks.host.aspects import Aspect, difference
from checks.host.wording import excerpt, last_line, names
from checks.matchers import Matcher
from checks.verdict import Facts, Verdict, failed, passed
from checks.vocabulary import check_numbers
from checks.words import did_you_mean

LOCKED = ("L", "LK")  # passwd(1), of Debian and of others
RECORDED = 100


@dataclass(frozen=True, slots=True)
class User:
    """An account, as the machine itself knows it.

        - user: anna
          shell: /bin/bash
          groups: [docker]

    The machine is asked, not only its `/etc/passwd`, so that accounts from elsewhere
    count. Who has joined a group since they logged in has its rights only after the
    next login. No password, nor the hash of one, is looked at.
    """

    FACTS: ClassVar = ("name", "uid", "gid", "home", "shell", "groups")

    user: str
    """Its exact name."""
    uid: Matcher | None = None
    """Its number."""
    home: Matcher | None = None
    """Its home directory, which must be there as well."""
    shell: Matcher | None = None
    """The program that a login starts."""
    groups: tuple[str, ...] | None = None
    """Groups it is a member of; others do not matter."""
    locked: bool | None = None
    """Whether its password is locked, so that none will do."""
    exists: bool = True
    """`false` asks that there is no such account."""

    def __post_init__(self) -> None:
        check_name("user", self.user)
        check_numbers("uid", self.uid)

    def run(self, machine: Machine) -> Verdict:
        found = accounts.user(machine, self.user)
        if found is None:
            return self._missing(machine)
        groups = _groups(machine, self.user)
        facts = _facts(found, groups)
        summary = f"`{self.user}` is user {found.uid}"
        if not self.exists:
            return failed(summary, hint=f"userdel {self.user}", facts=facts)
        return (
            difference(f"`{self.user}`", self._aspects(found), facts)
            or self._homeless(machine, found, facts)
            or self._outside(groups, facts)
            or self._other_lock(machine, facts)
            or passed(summary, facts)
        )

    def _aspects(self, found: accounts.User) -> Iterator[Aspect]:
        yield self._aspect("uid", "UID", self.uid, found.uid)
        yield self._aspect("home", "home", self.home, found.home)
        yield self._aspect("shell", "shell", self.shell, found.shell)

    def _aspect(
        self, option: str, word: str, wanted: Matcher | None, observed: str
    ) -> Aspect:
        value = wanted.literal if wanted else None
        move = " --move-home" if option == "home" else ""
        change = f"usermod --{option} {quote(value)}{move} {self.user}" if value else ""
        return Aspect(word, wanted, observed, change)

    def _homeless(
        self, machine: Machine, found: accounts.User, facts: Facts
    ) -> Verdict | None:
        if self.home is None or _is_there(machine, found.home):
            return None
        return failed(
            f"`{self.user}` has home `{found.home}`, which does not exist",
            hint=f"mkhomedir_helper {self.user}",
            facts=facts,
        )

    def _outside(self, groups: list[str], facts: Facts) -> Verdict | None:
        lacking = [name for name in self.groups or () if name not in groups]
        if not lacking:
            return None
        return failed(
            f"`{self.user}` is in {names(groups)}, not in {names(lacking)}",
            expected=", ".join(self.groups or ()),
            actual=excerpt(", ".join(groups)),
            hint=f"usermod --append --groups {','.join(lacking)} {self.user}",
            facts=facts,
        )

    def _other_lock(self, machine: Machine, facts: Facts) -> Verdict | None:
        if self.locked is None or _is_locked(machine, self.user) is self.locked:
            return None
        state, verb = ("not locked", "lock") if self.locked else ("locked", "unlock")
        return failed(
            f"The password of `{self.user}` is {state}",
            expected="locked" if self.locked else "not locked",
            actual=state,
            hint=f"usermod --{verb} {self.user}",
            facts=facts,
        )

    def _missing(self, machine: Machine) -> Verdict:
        summary = f"There is no user `{self.user}`"
        if not self.exists:
            return passed(summary)
        hint = f"useradd --create-home {self.user}"
        if accounts.group(machine, self.user):
            return failed(f"{summary}, only a group of that name", hint=hint)
        near = did_you_mean(self.user, accounts.names(machine, "passwd"))
        return failed(f"{summary}{near}", hint=hint)


def check_name(key: str, name: str) -> None:
    """Raise SpecError for what cannot be the name of a user or group."""
    if ":" in name or name.startswith("-") or name.split() != [name]:
        raise SpecError(f"`{key}`: `{name}` is not a name", path=(key,))


def _facts(found: accounts.User, groups: list[str]) -> Facts:
    return {
        "name": found.name,
        "uid": int(found.uid),
        "gid": int(found.gid),
        "home": found.home,
        "shell": found.shell,
        "groups": groups[:RECORDED],
    }


def _groups(machine: Machine, name: str) -> list[str]:
    result = machine.run(["id", "-Gn", name])
    if result.exit or not result.stdout.strip():
        raise CheckError(f"id could not tell: {last_line(result.stderr)}")
    return result.stdout.split()


def _is_there(machine: Machine, path: str) -> bool:
    try:
        return machine.stat(path).type == "directory"
    except FileNotFoundError:
        return False


def _is_locked(machine: Machine, name: str) -> bool:
    """Ask passwd(1), which tells the state and never the hash."""
    result = machine.run(["passwd", "-S", name])
    if result.exit == 1:  # permission denied
        message = f"the state of the password of `{name}` may not be read"
        raise NotPermitted(message, "run with `sudo`")
    words = result.stdout.split()
    if result.exit or len(words) < 2:
        raise CheckError(f"passwd could not tell: {last_line(result.stderr)}")
    return words[1] in LOCKED
