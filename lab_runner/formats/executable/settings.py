"""Variables that a document's commands set, for checks that run in a shell of their own."""

from __future__ import annotations

import re

ASSIGNMENT = re.compile(r"[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)=(.*)")
USED = re.compile(r"\$\{?([A-Za-z_]\w*)")
MADE_ANEW = re.compile(r"\$\(|`|\$\{?(?:RANDOM|SRANDOM|SECONDS|EPOCH\w+)\b")


class Settings:
    """Follows a document: which variables have a value that is written down."""

    def __init__(self) -> None:
        self._lines: dict[str, str] = {}
        self._unknown: set[str] = set()

    def follow(self, command: str) -> None:
        """Learn what a command sets."""
        for line in command.split("\n"):
            found = ASSIGNMENT.fullmatch(line)
            if not found:
                continue
            name, value = found[1], found[2]
            if MADE_ANEW.search(value) or self.unknown(value):
                self._unknown.add(name)
                self._lines.pop(name, None)
            else:
                self._unknown.discard(name)
                self._lines.pop(name, None)
                self._lines[name] = line.strip()

    def unknown(self, text: str) -> list[str]:
        """Return the variables in a text that have another value each time."""
        return [name for name in USED.findall(text) if name in self._unknown]

    def before(self, command: str) -> str:
        """Return a command behind the settings of the variables it uses."""
        wanted, text = list[str](), command
        for name, line in reversed(self._lines.items()):
            if name in USED.findall(text) and line not in command.split("\n"):
                wanted.insert(0, line)
                text = f"{line}\n{text}"
        return "\n".join([*wanted, command])
