"""Characters of a lab file that must never reach a terminal or a program."""

from __future__ import annotations

import re

C0 = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n"}
DELETE = {0x7F: 0x2421}
C1 = range(0x80, 0xA0)
LINE_SEPARATORS = (0x2028, 0x2029)
DIRECTIONS = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
NOT_CHARACTERS = (*range(0xD800, 0xE000), 0xFFFE, 0xFFFF)
REPLACEMENT = 0xFFFD

HARMLESS = (
    C0
    | DELETE
    | dict.fromkeys((*C1, *LINE_SEPARATORS, *DIRECTIONS, *NOT_CHARACTERS), REPLACEMENT)
)
CONTROL = re.compile("[" + "".join(re.escape(chr(code)) for code in HARMLESS) + "]")


def harmless(text: str) -> str:
    """Put a visible symbol in place of each control character, one for one.

    Tab and newline stay. Directions (U+202A to U+202E, U+2066 to U+2069) count as
    controls because they make text read differently from what it does.
    """
    return text.translate(HARMLESS)


def control(text: str) -> re.Match[str] | None:
    """Find the first control character."""
    return CONTROL.search(text)


def code_point(character: str) -> str:
    return f"U+{ord(character):04X}"


def shorten(text: str, limit: int = 60) -> str:
    """Return the first line of `text`, at most `limit` characters of it."""
    line, _, rest = text.strip().partition("\n")
    return line if len(line) <= limit and not rest else line[: limit - 1] + "…"
