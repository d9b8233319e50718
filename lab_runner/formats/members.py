"""The machines of a lab that has several, where a file says on which of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from checks.errors import SpecError
from checks.words import did_you_mean

ATTRIBUTE = re.compile(r"""(?<![^\s{])machine=(["']?)([^\s"'{}]+)\1(?![^\s}])""")
KEY = re.compile(r"(?<![^\s{])[A-Za-z]+")
ALONE = "leave `machine` out, or name several under `machines:` in the front matter"


@dataclass(frozen=True, slots=True)
class Members:
    """The names in `machines:`, in order; a lab of one machine has none."""

    names: tuple[str, ...] = ()

    def member(self, value: Any) -> str:
        """Return the machine that is meant, empty for the first; raises SpecError."""
        if not self.names:
            raise SpecError("this lab has one machine", ALONE)
        known = f"write one of {', '.join(self.names)}"
        if not isinstance(value, str):
            raise SpecError("takes one name", known)
        if value not in self.names:
            guess = did_you_mean(value, self.names)
            raise SpecError(f"`{value}` is no machine of this lab{guess}", known)
        return "" if value == self.names[0] else value

    def name(self, member: str) -> str:
        """Return the name of a machine, also of the first; empty in a lab of one."""
        return member or next(iter(self.names), "")

    def attribute(self, words: str) -> tuple[str, str]:
        """Take `machine=NAME` out of the words behind a fence's language.

        Returns the name, empty where there is none, and the other words. Raises
        SpecError for what says a machine in no way that counts.
        """
        found = ATTRIBUTE.search(words)
        name = found[2] if found else ""
        rest = ATTRIBUTE.sub("", words, count=1)
        for key in KEY.findall(rest) if self.names else ():
            if did_you_mean(key, ["machine"]):
                example = f"machine={self.names[-1]}"
                raise SpecError(f"`{key}` says no machine here", f"write `{example}`")
        return name, rest
