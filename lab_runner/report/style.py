"""How a report looks: colour and symbols, or neither; and text made harmless."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33"}


@dataclass(frozen=True, slots=True)
class Style:
    """What the reader's terminal can show; `width` in columns."""

    colour: bool = False
    symbols: bool = True
    width: int = 80

    def paint(self, text: str, *names: str) -> str:
        if not self.colour or not text:
            return text
        codes = ";".join(CODES[name] for name in names)
        return f"\x1b[{codes}m{text}\x1b[0m"

    @property
    def tick(self) -> str:
        return self.paint("✔" if self.symbols else "[x]", "green")

    @property
    def cross(self) -> str:
        return self.paint("✘" if self.symbols else "[ ]", "red")

    @property
    def doubt(self) -> str:
        return self.paint("?" if self.symbols else "[?]", "yellow")

    @property
    def pending(self) -> str:
        return self.paint("·" if self.symbols else "[-]", "dim")

    def bar(self, done: int, total: int, cells: int = 20) -> str:
        """Return a progress bar; a full one only when everything is done."""
        filled = cells * done // total if total else 0
        full, empty = ("█", "░") if self.symbols else ("#", ".")
        return self.paint(full * filled, "green") + self.paint(
            empty * (cells - filled), "dim"
        )


def harmless(text: str) -> str:
    """Show control characters instead of sending them to the terminal.

    Line breaks and tabs stay; escapes become visible symbols, and characters that
    change the direction of writing disappear from sight as `�`.
    """
    return text if text.isprintable() else "".join(_shown(char) for char in text)


def _shown(char: str) -> str:
    if char in "\n\t" or char.isprintable():
        return char
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if unicodedata.category(char) in ("Cc", "Cf") and char not in "\u200c\u200d":
        return "�"
    return char


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
