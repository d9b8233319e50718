"""Scripts of a challenge: what each host runs before, to check and to solve it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lab_runner.formats.draft import Draft
from lab_runner.formats.files import as_shown
from lab_runner.formats.foreign import scripts
from lab_runner.formats.foreign.notes import Notes, named
from lab_runner.formats.foreign.texts import Text, Texts
from lab_runner.formats.instruqt import helpers
from lab_runner.formats.instruqt.hosts import Hosts
from lab_runner.model import Source

NAME = re.compile(r"(setup|check|solve|cleanup)-([\w.-]+?)(?:\.sh)?", re.ASCII)
TIMEOUT = "60s"


@dataclass(frozen=True, slots=True)
class Script:
    """A script and what it is for; `preamble` is what it needs before it."""

    verb: str
    host: str
    text: Text
    preamble: str


def named_hosts(folders: Sequence[str], texts: Texts) -> list[str]:
    """Return the hosts that have scripts in some folders of a track."""
    found = (host for folder in folders for _, host, _ in _names(folder, texts))
    return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """Reads scripts and writes them into a draft."""

    texts: Texts
    hosts: Hosts
    draft: Draft
    notes: Notes

    def read(self, folder: str) -> Iterator[Script]:
        """Yield the scripts of a folder that have a use here, by the names of hosts."""
        for verb, host, name in _names(folder, self.texts):
            text = self.texts.read(name, Source(as_shown(self.texts.folder / name), 1))
            if text and self._is_used(verb, host, text):
                preamble = helpers.preamble(text, self.notes)
                yield Script(verb, host, text, preamble)

    def prepare(self, found: Sequence[Script]) -> None:
        for each in found:
            if each.verb == "setup":
                text = scripts.preparation(each.text, self.notes, each.preamble)
                self._fence("setup", text, each)

    def solve(self, found: Sequence[Script]) -> None:
        for each in found:
            if each.verb == "solve":
                text = scripts.solution(each.text, self.notes, each.preamble)
                self._fence("solution", text, each)

    def check(self, found: Sequence[Script], title: str) -> None:
        """Write a check for each host that has one."""
        checks = [each for each in found if each.verb == "check"]
        for each in checks:
            name = f"{title} ({each.host})" if len(checks) > 1 else title
            text = scripts.verification(each.text, self.notes, each.preamble)
            entry = {"shell": text, "name": name, "timeout": TIMEOUT}
            if machine := self.hosts.machine(each.host):
                entry["machine"] = machine
            if text:
                self.draft.check(entry, each.text.source(1))

    def _fence(self, role: str, text: str, script: Script) -> None:
        machine = self.hosts.machine(script.host)
        where = f" machine={machine}" if machine else ""
        if text:
            self.draft.fence(f"bash {role}{where}", text, script.text.source(1))

    def _is_used(self, verb: str, host: str, text: Text) -> bool:
        """Tell whether a script comes along; that it does not is noted."""
        if verb == "cleanup":
            message = "nothing is cleaned up after a step here"
            self.notes.add(
                "dropped", text.source(1), message, "Clean up in a later one"
            )
        elif host not in self.hosts:
            message = f"this track has no host {named(host)}"
            advice = "Name one of `config.yml`"
            self.notes.add("dropped", text.source(1), message, advice)
        return verb != "cleanup" and host in self.hosts


def _names(folder: str, texts: Texts) -> Iterator[tuple[str, str, str]]:
    """Yield verb, host and name of each script in a folder of the track."""
    inside = texts.folder / folder
    names = sorted(each.name for each in inside.iterdir()) if inside.is_dir() else []
    for name in names:
        found = NAME.fullmatch(name)
        if found:
            yield found[1], found[2], f"{folder}/{name}"
