"""How a report looks: colour and symbols, or neither."""

from __future__ import annotations

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

    @property
    def read(self) -> str:
        return self.paint("○" if self.symbols else "[r]", "dim")

    def bar(self, done: int, total: int, cells: int = 20) -> str:
        """Return a progress bar; a full one only when everything is done."""
        filled = cells * done // total if total else 0
        full, empty = ("█", "░") if self.symbols else ("#", ".")
        return self.paint(full * filled, "green") + self.paint(
            empty * (cells - filled), "dim"
        )


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
