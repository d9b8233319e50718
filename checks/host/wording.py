"""Observed text at a length and in a form that fits into a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from posixpath import commonprefix

from checks.matchers import Matcher

LENGTH, LISTED = 100, 5
CONTEXT = 20  # so much of what is equal is shown before what differs


def excerpt(text: str, length: int = LENGTH) -> str:
    """Return the beginning of a text as one line of printable characters."""
    line = " ".join(text[: 4 * length].split())
    printable = "".join(each if each.isprintable() else "?" for each in line)
    return printable if len(printable) <= length else f"{printable[: length - 1]}…"


def contrast(found: str, wanted: Matcher) -> tuple[str, str]:
    """Return excerpts of what was found and what was wanted that differ in sight."""
    literal = wanted.literal
    if literal is None or excerpt(found) != excerpt(literal):
        return excerpt(found), excerpt(
            wanted.describe() if literal is None else literal
        )
    start = max(0, len(commonprefix([found, literal])) - CONTEXT)
    return _exactly(found, start), _exactly(literal, start)


def _exactly(text: str, start: int) -> str:
    """Return a piece of a text in which nothing is invisible."""
    return ("…" if start else "") + repr(text[start : start + LENGTH])[1:-1][:LENGTH]


def quoted(text: str) -> str:
    return f"`{text}`" if text else "nothing"


def last_line(text: str) -> str:
    """Return the last line that says something, as an excerpt."""
    lines = [line for line in text.splitlines() if line.strip()]
    return excerpt(lines[-1]) if lines else ""


def names(words: Sequence[str]) -> str:
    """List names in backticks: "`a`", "`a` and `b`", "`a`, `b` and 3 more"."""
    shown = [f"`{word}`" for word in words[:LISTED]]
    if len(words) > LISTED:
        shown.append(f"{len(words) - LISTED} more")
    *first, last = shown
    return f"{', '.join(first)} and {last}" if first else last


def none(words: Sequence[str], what: str) -> str:
    """Deny it of one or of all: "`a` is not here", "Neither `a` nor `b` is here"."""
    quoted = [f"`{word}`" for word in words]
    if len(quoted) == 1:
        return f"{quoted[0]} is not {what}"
    return f"Neither {' nor '.join(quoted)} is {what}"


def unlike(wanted: Matcher, shown: str = "") -> str:
    """Word what was wanted after what was found: "not `0644`", "expected at least 2".

    `shown` is what `contrast` makes of it.
    """
    shown = shown or contrast("", wanted)[1]
    if wanted.literal is not None and shown:
        return f"not `{shown}`"
    return f"expected {shown or 'nothing'}"
