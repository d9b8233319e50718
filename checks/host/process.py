"""The kind `process`: a program that is running."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from checks import matchers
from checks.doors.machine import Machine
from checks.errors import SpecError
from checks.host import accounts, missing_process, processes
from checks.host.aspects import Aspect, difference
from checks.host.processes import Found
from checks.matchers import Matcher
from checks.verdict import Verdict, failed, passed
from checks.vocabulary import check_numbers

ANY = matchers.at_least(1)
RECORDED, SHOWN = 100, 5


@dataclass(frozen=True, slots=True)
class Process:
    """A running process, by the exact name of its program.

        - process: containerd-shim-runc-v2
          arguments: {contains: -namespace default}
          count: {at_least: 1}

    A zombie has ended and does not count.
    """

    FACTS: ClassVar = ("name", "pids", "count")
    NARROWED_BY: ClassVar = ("arguments", "user", "parent")

    process: str
    """The name that `ps -o comm` shows, or the last part of the path by which the
    program was started."""
    arguments: Matcher | None = None
    """The whole command line, its words joined by spaces."""
    user: Matcher | None = None
    """The one with whose rights it runs."""
    parent: Matcher | None = None
    """The name of its parent process."""
    count: Matcher | None = None
    """How many processes all of that holds for; without this key one is enough."""
    exists: bool = True
    """`false` asks that there is none."""

    def __post_init__(self) -> None:
        if "/" in self.process or self.process.split() != [self.process]:
            raise SpecError(
                f"`process`: `{self.process}` is not the name of a program",
                "write the name alone, and its path or options as `arguments:`",
                path=("process",),
            )
        check_numbers("count", self.count)

    def run(self, machine: Machine) -> Verdict:
        found = list(processes.named(machine, self.process))
        alive = [each for each in found if not each.is_zombie]
        judged = [(each, self._difference(machine, each)) for each in alive]
        matching = [each.pid for each, verdict in judged if verdict is None]
        if not self.exists:
            return self._unwanted(matching)
        if (self.count or ANY).accepts(len(matching)):
            return passed(self._described(matching), self._facts(matching))
        if matching or not found:
            return self._other_count(machine, matching)
        differences = [verdict for _, verdict in judged if verdict]
        return differences[0] if differences else self._ended(found)

    def _difference(self, machine: Machine, found: Found) -> Verdict | None:
        subject = f"`{self.process}` ({_pids([found.pid])})"
        aspects = self._aspects(machine, found)
        return difference(subject, aspects, self._facts([found.pid]))

    def _aspects(self, machine: Machine, found: Found) -> Iterator[Aspect]:
        yield Aspect("arguments", self.arguments, found.arguments)
        if self.user:
            user = accounts.user_name(machine, found.uid)
            yield Aspect("user", self.user, user)
        if self.parent:
            parent = processes.name_of(machine, found.parent)
            yield Aspect("parent", self.parent, parent)

    def _unwanted(self, matching: Sequence[int]) -> Verdict:
        summary, facts = self._described(matching), self._facts(matching)
        if not matching:
            return passed(summary, facts)
        hint = f"kill {' '.join(str(pid) for pid in matching[:RECORDED])}"
        return failed(summary, hint=hint, facts=facts)

    def _other_count(self, machine: Machine, matching: Sequence[int]) -> Verdict:
        near = "" if matching else missing_process.explain(machine, self.process)
        return failed(
            f"{self._described(matching)}{near}",
            expected=f"count {self.count.describe()}" if self.count else "",
            actual=f"count {len(matching)}" if self.count else "",
            facts=self._facts(matching),
        )

    def _ended(self, zombies: Sequence[Found]) -> Verdict:
        pids = [each.pid for each in zombies]
        return failed(
            f"`{self.process}` has ended and waits for its parent to collect it"
            f" (zombie, {_pids(pids)})"
        )

    def _described(self, matching: Sequence[int]) -> str:
        if not matching:
            as_asked = self.arguments or self.user or self.parent
            return f"`{self.process}` is not running{' as asked' if as_asked else ''}"
        times = "" if len(matching) == 1 else f" {len(matching)} times"
        return f"`{self.process}` is running{times} ({_pids(matching)})"

    def _facts(self, matching: Sequence[int]) -> dict[str, object]:
        pids = list(matching[:RECORDED])
        return {"name": self.process, "pids": pids, "count": len(matching)}


def _pids(pids: Sequence[int]) -> str:
    more = f" and {len(pids) - SHOWN} more" if len(pids) > SHOWN else ""
    listed = ", ".join(str(pid) for pid in pids[:SHOWN])
    return f"PID{'s' if len(pids) > 1 else ''} {listed}{more}"
