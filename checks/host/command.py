"""The kind `command`: a program that is found on the PATH."""

from __future__ import annotations

from dataclasses import dataclass
from shlex import quote
from typing import ClassVar

from checks.doors.machine import Machine
from checks.errors import SpecError
from checks.host import missing_command, programs
from checks.host.aspects import Aspect, difference
from checks.host.wording import none
from checks.matchers import Matcher
from checks.verdict import Facts, Verdict, failed, passed


@dataclass(frozen=True, slots=True)
class Command:
    """A program that a login finds under this name on its PATH.

        - command: ctr
          path: {one_of: [/usr/bin/ctr, /usr/local/bin/ctr]}

    On a lab machine the login is root's; on your own machine it is yours, with the
    directories of the administrator's programs added. A file that may not be executed
    is no command, nor is an alias or a function of a shell.
    """

    FACTS: ClassVar = ("name", "path")

    command: tuple[str, ...]
    """Its name; of a list of names one is enough."""
    path: Matcher | None = None
    """Where the program is found first."""
    exists: bool = True
    """`false` asks that none of the names is found."""

    def __post_init__(self) -> None:
        for name in self.command:
            if "/" in name:
                raise SpecError(
                    f"`command`: `{name}` is a path, not a name",
                    "write the name, and the path as `path:`",
                    path=("command",),
                )
            if name.split() != [name]:
                raise SpecError(
                    f"`command`: `{name}` is more than a name",
                    "write the name alone; `shell:` runs a command line",
                    path=("command",),
                )

    def run(self, machine: Machine) -> Verdict:
        found, in_the_way = {}, ""
        for name in self.command:
            path, plain_file = programs.find(machine, name)
            in_the_way = in_the_way or plain_file
            if path:
                found[name] = path
        if found:
            return self._judge(found)
        summary = none(self.command, "on the PATH")
        if not self.exists:
            return passed(summary)
        return self._missing(machine, summary, in_the_way)

    def _judge(self, found: dict[str, str]) -> Verdict:
        as_wanted = [name for name in found if self._accepts(found[name])]
        name = next(iter(as_wanted or found))
        path = found[name]
        summary, facts = f"`{name}` is `{path}`", _facts(name, path)
        if not self.exists:
            return failed(summary, facts=facts)
        aspect = Aspect("path", self.path, path)
        return difference(f"`{name}`", [aspect], facts) or passed(summary, facts)

    def _accepts(self, path: str) -> bool:
        return self.path is None or self.path.accepts(path)

    def _missing(self, machine: Machine, summary: str, in_the_way: str) -> Verdict:
        if in_the_way:
            return failed(
                f"`{in_the_way}` is there but may not be executed",
                hint=f"chmod +x {quote(in_the_way)}",
            )
        said, hint = missing_command.explain(machine, self.command[0])
        return failed(said or summary, hint=hint)


def _facts(name: str, path: str) -> Facts:
    return {"name": name, "path": path}
