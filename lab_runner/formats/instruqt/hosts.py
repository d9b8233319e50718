"""Hosts of a track, and the machines of a lab that they become."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from lab_runner.formats.machine_spec import MEMBER
from lab_runner.formats.slugs import Ids

LONGEST = 12


class Hosts:
    """The machines by the names of hosts; a lab of one machine has no names."""

    def __init__(self, names: Iterable[str]) -> None:
        ids = Ids()
        found = dict.fromkeys(names)
        self._members: Mapping[str, str] = {n: ids.unique(_member(n)) for n in found}

    @property
    def machines(self) -> Sequence[str]:
        return tuple(self._members.values()) if len(self._members) > 1 else ()

    @property
    def renamed(self) -> Mapping[str, str]:
        """Machines that are not called what their hosts are."""
        several = self._members if self.machines else {}
        return {name: member for name, member in several.items() if name != member}

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def machine(self, name: str) -> str:
        """Return the machine that a host becomes; empty where there is only one."""
        return self._members.get(name, "") if self.machines else ""


def _member(name: str) -> str:
    """Return the name that a host has here, which is one of its network."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if not re.fullmatch(MEMBER, plain[:LONGEST].strip("-")):
        plain = f"h-{plain}"
    return plain[:LONGEST].strip("-")
