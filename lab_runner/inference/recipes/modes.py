"""Permissions as chmod takes them, and as the kind `file` compares them."""

from __future__ import annotations

import re

NUMERIC = re.compile(r"0?([0-7]?)([0-7]{3})")
CLAUSE = re.compile(r"([ugoa]*)([-+=])([rwx]*)")
BITS = {"r": 4, "w": 2, "x": 1}


def wanted(mode: str) -> str | dict[str, str] | None:
    """Return four digits, or a pattern for what a symbolic mode leaves open.

    None of a mode that is not understood, such as one with `s`, `t` or `X`.
    """
    if found := NUMERIC.fullmatch(mode):
        return (found[1] or "0") + found[2]
    clauses = [CLAUSE.fullmatch(each) for each in mode.split(",")]
    allowed = {who: set(range(8)) for who in "ugo"}
    for clause in clauses:
        if clause is None:
            return None
        who, operator, bits = clause.groups()
        value = sum(BITS[bit] for bit in set(bits))
        for each in _classes(who):
            allowed[each] = {
                _applied(digit, operator, value) for digit in allowed[each]
            }
    return {"matches": "^[0-7]" + "".join(map(_digits, allowed.values())) + "$"}


def _classes(who: str) -> str:
    # Without a class the umask decides who else is meant.
    return "ugo" if "a" in who else who or "u"


def _applied(digit: int, operator: str, value: int) -> int:
    match operator:
        case "+":
            return digit | value
        case "-":
            return digit & ~value
        case _:
            return value


def _digits(allowed: set[int]) -> str:
    if len(allowed) == 8:
        return "[0-7]"
    held = "".join(map(str, sorted(allowed)))
    return held if len(held) == 1 else f"[{held}]"
