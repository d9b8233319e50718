"""The kind `mount`: a file system that is mounted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from posixpath import dirname, normpath
from shlex import quote
from typing import ClassVar

from checks.doors.machine import Machine
from checks.errors import CheckError, SpecError
from checks.host import mounts
from checks.host.aspects import Aspect, difference
from checks.host.wording import excerpt, names
from checks.matchers import Matcher
from checks.verdict import Facts, Verdict, failed, passed

RECORDED = 50


@dataclass(frozen=True, slots=True)
class Mount:
    """A file system that is mounted on a directory or file.

        - mount: /srv/scratch
          fstype: tmpfs
          options: [nosuid, noexec]

    It is what the first process of the machine sees that counts, not what a container
    inside it has mounted. Where several are mounted on one place, the last one hides
    the others and is the one that is judged.
    """

    FACTS: ClassVar = ("target", "source", "fstype", "options", "root")

    mount: str
    """The absolute path on which it is mounted."""
    source: Matcher | None = None
    """What is mounted, as `findmnt` shows it: a device, a server's folder, or only a
    name such as `tmpfs`."""
    fstype: Matcher | None = None
    """The type of the file system."""
    options: tuple[str, ...] | None = None
    """Options it is mounted with, those of the file system included; others do not
    matter."""
    exists: bool = True
    """`false` asks that nothing is mounted there."""

    def __post_init__(self) -> None:
        if not self.mount.startswith("/"):
            message = f"`mount`: `{self.mount}` is not an absolute path"
            raise SpecError(message, path=("mount",))

    def run(self, machine: Machine) -> Verdict:
        everything = mounts.mounted(machine)
        here = [each for each in everything if each.target == self._target]
        if not here:
            return self._missing(machine, everything)
        found = here[-1]
        facts = _facts(found)
        summary = f"`{self._target}` is {_described(found)}"
        if not self.exists:
            hint = f"umount {quote(self._target)}"
            return failed(f"{summary} and still mounted", hint=hint, facts=facts)
        return (
            self._hidden(here, facts)
            or difference(f"`{self._target}`", self._aspects(found), facts)
            or self._other_options(found, facts)
            or passed(summary, facts)
        )

    @property
    def _target(self) -> str:
        return normpath(self.mount)

    def _aspects(self, found: mounts.Mount) -> tuple[Aspect, ...]:
        return (
            Aspect("source", self.source, found.source),
            Aspect("file system type", self.fstype, found.fstype),
        )

    def _accepts(self, found: mounts.Mount) -> bool:
        return all(
            aspect.wanted is None or aspect.wanted.accepts(aspect.observed)
            for aspect in self._aspects(found)
        )

    def _hidden(self, here: Sequence[mounts.Mount], facts: Facts) -> Verdict | None:
        *under, top = here
        if self._accepts(top) or not any(map(self._accepts, under)):
            return None
        return failed(
            f"`{self._target}` is {_described(top)}, which hides what is asked for",
            hint=f"umount {quote(self._target)}",
            facts=facts,
        )

    def _other_options(self, found: mounts.Mount, facts: Facts) -> Verdict | None:
        lacking = [each for each in self.options or () if each not in found.options]
        if not lacking:
            return None
        has = names([excerpt(each) for each in found.options])
        return failed(
            f"`{self._target}` is mounted with {has}, not with {names(lacking)}",
            expected=",".join(self.options or ()),
            actual=excerpt(",".join(found.options)),
            hint=f"mount -o remount,{','.join(lacking)} {quote(self._target)}",
            facts=facts,
        )

    def _missing(self, machine: Machine, all_: Sequence[mounts.Mount]) -> Verdict:
        summary = f"Nothing is mounted on `{self._target}`"
        if not self.exists:
            return passed(summary)
        hint = f"mount {quote(self._target)}"
        if not _is_there(machine, self._target):
            return failed(f"`{self._target}` does not exist")
        if source := mounts.planned(machine).get(self._target):
            but = f"`{excerpt(source)}` is only planned in `{mounts.PLAN}`"
            return failed(f"{summary}, {but}", hint=hint)
        wanted = self.source.literal if self.source else None
        other = next((each.target for each in all_ if each.source == wanted), "")
        if other:
            return failed(f"{summary}, `{wanted}` is mounted on `{excerpt(other)}`")
        return failed(f"{summary}, it is part of {_around(self._target, all_)}")


def _around(target: str, everything: Sequence[mounts.Mount]) -> str:
    by_target = {each.target: each for each in everything}
    while target != "/" and target not in by_target:
        target = dirname(target)
    found = by_target.get(target)
    return f"the {found.fstype} on `{target}`" if found else "`/`"


def _described(found: mounts.Mount) -> str:
    return f"{excerpt(found.source)} ({found.fstype}, {found.options[0]})"


def _is_there(machine: Machine, path: str) -> bool:
    """Tell whether a mount could be there; a look that goes wrong explains less."""
    try:
        machine.stat(path)
    except FileNotFoundError:
        return False
    except CheckError:
        return True
    return True


def _facts(found: mounts.Mount) -> Facts:
    return {
        "target": found.target,
        "source": excerpt(found.source),
        "fstype": found.fstype,
        "options": [excerpt(each) for each in found.options[:RECORDED]],
        "root": excerpt(found.root),
    }
