"""The kind `file`: a path and what lies there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from shlex import quote
from typing import ClassVar, Literal

from checks.doors.files import Stat
from checks.doors.machine import Machine
from checks.errors import SpecError
from checks.host import accounts, content, missing_file
from checks.host.aspects import Aspect, difference
from checks.host.wording import excerpt
from checks.matchers import Matcher, Observed
from checks.verdict import Facts, Verdict, failed, passed
from checks.vocabulary import check_numbers

DEVICES = {"block": "block device", "character": "character device"}
MODE = re.compile(r"[0-7]{4}")


@dataclass(frozen=True, slots=True)
class File:
    """A file, directory or other path of the machine.

        - file: /etc/containerd/config.toml
          type: file
          mode: "0644"
          owner: root
          content: {contains: SystemdCgroup}

    Links are followed, except with `type: symlink` or `target`, which ask the link
    itself.
    """

    FACTS: ClassVar = ("path", "type", "mode", "owner", "group", "size", "target")

    file: str
    """An absolute path."""
    type: (
        Literal["file", "directory", "symlink", "socket", "fifo", "block", "character"]
        | None
    ) = None
    """What is there."""
    mode: Matcher | None = None
    """Its permissions in four octal digits, such as `0644`."""
    owner: Matcher | None = None
    """The user it belongs to, as a name or a number."""
    group: Matcher | None = None
    """The group it belongs to, as a name or a number."""
    size: Matcher | None = None
    """In bytes."""
    target: Matcher | None = None
    """What the link says, as `readlink` shows it."""
    content: Matcher | None = None
    """The text of the file, where one newline at the end does not count."""
    exists: bool = True
    """`false` asks that nothing is there, not even a link that leads nowhere."""

    def __post_init__(self) -> None:
        if not self.file.startswith("/"):
            message = f"`file`: `{self.file}` is not an absolute path"
            raise SpecError(message, path=("file",))
        mode = self.mode.literal if self.mode else None
        if mode is not None and not MODE.fullmatch(mode):
            message = f"`mode`: `{mode}` is not four octal digits"
            raise SpecError(message, 'write for example "0644"', path=("mode",))
        check_numbers("size", self.size)

    def run(self, machine: Machine) -> Verdict:
        try:
            return self._judge(machine)
        except FileNotFoundError:
            if self.exists:
                return self._missing(machine)
            return passed(f"`{self.file}` does not exist")

    def _judge(self, machine: Machine) -> Verdict:
        found = machine.stat(self.file, follow=self._follows)
        facts = self._facts(machine, found)
        summary = f"`{self.file}` is {_described(found, facts)}"
        if not self.exists:
            recursive = "-r " if found.type == "directory" else ""
            hint = f"rm {recursive}{quote(self.file)}"
            return failed(summary, hint=hint, facts=facts)
        return (
            self._other_type(found, facts)
            or difference(f"`{self.file}`", self._aspects(machine, facts), facts)
            or self._other_content(machine, facts)
            or passed(summary, facts)
        )

    @property
    def _follows(self) -> bool:
        return self.exists and self._wanted_type != "symlink"

    @property
    def _wanted_type(self) -> str | None:
        if self.target:
            return "symlink"
        return self.type or ("file" if self.content else None)

    def _facts(self, machine: Machine, found: Stat) -> Facts:
        return {
            "path": self.file,
            "type": found.type,
            "mode": f"{found.mode:04o}",
            "owner": accounts.user_name(machine, found.uid),
            "group": accounts.group_name(machine, found.gid),
            "size": found.size,
            **({"target": found.target} if found.target else {}),
        }

    def _other_type(self, found: Stat, facts: Facts) -> Verdict | None:
        wanted = self._wanted_type
        if wanted is None or wanted == found.type:
            return None
        return failed(
            f"`{self.file}` is a {_noun(found.type)}, not a {_noun(wanted)}",
            expected=wanted,
            actual=found.type,
            facts=facts,
        )

    def _aspects(self, machine: Machine, facts: Facts) -> tuple[Aspect, ...]:
        user = partial(accounts.user_name, machine)
        group = partial(accounts.group_name, machine)
        wanted_owner = self.owner and accounts.by_name(self.owner, user)
        wanted_group = self.group and accounts.by_name(self.group, group)
        return (
            self._aspect("mode", self.mode, facts["mode"], "chmod"),
            self._aspect("owner", wanted_owner, facts["owner"], "chown"),
            self._aspect("group", wanted_group, facts["group"], "chgrp"),
            self._aspect("target", self.target, facts.get("target"), "ln -sfn"),
            Aspect("size", self.size, facts["size"]),
        )

    def _aspect(
        self, word: str, wanted: Matcher | None, observed: Observed, command: str
    ) -> Aspect:
        value = wanted.literal if wanted else None
        hint = f"{command} {quote(value)} {quote(self.file)}" if value else ""
        return Aspect(word, wanted, observed, hint)

    def _other_content(self, machine: Machine, facts: Facts) -> Verdict | None:
        if self.content is None:
            return None
        text = machine.read(self.file).decode(errors="replace")
        if self.content.accepts_text(text):
            return None
        said, actual, expected = content.differs(self.file, text, self.content)
        return failed(said, expected=expected, actual=actual, facts=facts)

    def _missing(self, machine: Machine) -> Verdict:
        said, hint = missing_file.explain(machine, self.file)
        if self.type == "directory" and not hint:
            hint = f"mkdir -p {quote(self.file)}"
        return failed(said, hint=hint)


def _described(found: Stat, facts: Facts) -> str:
    if found.type == "symlink":
        return f"a symlink to `{excerpt(found.target)}`"
    owner, mode = f"{facts['owner']}:{facts['group']}", facts["mode"]
    size = f", {found.size} bytes" if found.type == "file" else ""
    return f"a {_noun(found.type)} ({mode} {owner}{size})"


def _noun(kind: str) -> str:
    return DEVICES.get(kind, kind)
