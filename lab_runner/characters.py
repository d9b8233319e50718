"""Characters that must never reach a terminal or a program."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

# C0 but tab and newline, delete, C1, line separators, what changes the direction of
# text, and what is no character at all.
CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufffe\uffff]"
)
SURROGATE = re.compile("[\ud800-\udfff]")


def harmless(text: str) -> str:
    """Put a visible symbol in place of each control character, one for one.

    Tab and newline stay. Characters that change the direction of writing count as
    controls because they make text read differently from what it does.
    """
    return CONTROL.sub(_symbol, text)


def encodable(value: Any) -> Any:
    """Put U+FFFD for each lone surrogate, which no file can hold, in JSON-able data."""
    if isinstance(value, str):
        return SURROGATE.sub("\ufffd", value)
    if isinstance(value, Mapping):
        return {encodable(key): encodable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [encodable(each) for each in value]
    return value


def one_line(text: str) -> str:
    """Like `harmless`, with a symbol for tab and newline too."""
    return harmless(text).replace("\t", "\u2409").replace("\n", "\u240a")


def _symbol(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"


def control(text: str) -> re.Match[str] | None:
    """Find the first control character."""
    return CONTROL.search(text)


def code_point(character: str) -> str:
    return f"U+{ord(character):04X}"


def shorten(text: str, limit: int = 60) -> str:
    """Return the first line of `text`, at most `limit` characters of it."""
    line, _, rest = text.strip().partition("\n")
    return line if len(line) <= limit and not rest else line[: limit - 1] + "…"
