"""The kind `group`: a group of users."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from checks.doors.machine import Machine
from checks.host import accounts
from checks.host.aspects import Aspect, difference
from checks.host.user import check_name
from checks.host.wording import excerpt, names
from checks.matchers import Matcher
from checks.verdict import Facts, Verdict, failed, passed
from checks.vocabulary import check_numbers
from checks.words import did_you_mean

RECORDED = 100


@dataclass(frozen=True, slots=True)
class Group:
    """A group of users, as the machine itself knows it.

        - group: docker
          members: [anna]

    Members are those the group lists and those whose first group it is.
    """

    FACTS: ClassVar = ("name", "gid", "members")

    group: str
    """Its exact name."""
    gid: Matcher | None = None
    """Its number."""
    members: tuple[str, ...] | None = None
    """Users who are in it; others do not matter."""
    exists: bool = True
    """`false` asks that there is no such group."""

    def __post_init__(self) -> None:
        check_name("group", self.group)
        check_numbers("gid", self.gid)

    def run(self, machine: Machine) -> Verdict:
        found = accounts.group(machine, self.group)
        if found is None:
            return self._missing(machine)
        inside = (*found.members, *accounts.belonging(machine, found.gid))
        facts = _facts(found, list(dict.fromkeys(inside)))
        summary = f"`{self.group}` is group {found.gid}"
        if not self.exists:
            return failed(summary, hint=f"groupdel {self.group}", facts=facts)
        number = self.gid.literal if self.gid else None
        hint = f"groupmod --gid {number} {self.group}" if number else ""
        return (
            difference(
                f"`{self.group}`", [Aspect("GID", self.gid, found.gid, hint)], facts
            )
            or self._incomplete(machine, inside, facts)
            or passed(summary, facts)
        )

    def _incomplete(
        self, machine: Machine, inside: tuple[str, ...], facts: Facts
    ) -> Verdict | None:
        lacking = next((name for name in self.members or () if name not in inside), "")
        if not lacking:
            return None
        has = names(list(dict.fromkeys(inside))) if inside else "nobody"
        summary = f"`{self.group}` has {has} in it, not `{lacking}`"
        hint = f"usermod --append --groups {self.group} {lacking}"
        if accounts.user(machine, lacking) is None:
            summary += ", and there is no such user"
            hint = f"useradd --create-home --groups {self.group} {lacking}"
        return failed(
            summary,
            expected=", ".join(self.members or ()),
            actual=excerpt(", ".join(inside)),
            hint=hint,
            facts=facts,
        )

    def _missing(self, machine: Machine) -> Verdict:
        summary = f"There is no group `{self.group}`"
        if not self.exists:
            return passed(summary)
        hint = f"groupadd {self.group}"
        if accounts.user(machine, self.group):
            return failed(f"{summary}, only a user of that name", hint=hint)
        near = did_you_mean(self.group, accounts.names(machine, "group"))
        return failed(f"{summary}{near}", hint=hint)


def _facts(found: accounts.Group, inside: list[str]) -> Facts:
    return {
        "name": found.name,
        "gid": int(found.gid),
        "members": inside[:RECORDED],
    }
