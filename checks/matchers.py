"""Matchers: how an expected value from YAML compares with an observed one.

A value is written as a scalar (equality) or as a mapping with one or more of
`contains`, `matches`, `at_least`, `at_most`, `one_of`, `not`; all of them must hold.
YAML scalars arrive as text, so `1.10` stays `1.10` and `0644` stays `0644`.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from checks.errors import SpecError, at
from checks.words import did_you_mean

Observed = str | int | float | bool | None
ZERO, TILDE = (1, 0, ""), (-1, 0, "")  # parts of a version; they order as tuples do
OPERATORS = ("contains", "matches", "at_least", "at_most", "one_of", "not")


@dataclass(frozen=True, slots=True)
class Matcher:
    """A condition on one observed value: pairs of operator and operand."""

    conditions: tuple[tuple[str, Any], ...]

    def accepts(self, observed: Observed) -> bool:
        """Tell whether `observed` meets every condition; nothing is coerced to pass.

        What is not there, as None says, meets no condition, not even `not`.
        """
        return observed is not None and all(
            _holds(op, operand, observed) for op, operand in self.conditions
        )

    def accepts_text(self, text: str) -> bool:
        """Like `accepts`, where one newline at the end counts on neither side."""
        if self.literal is not None:
            return self.literal.removesuffix("\n") == text.removesuffix("\n")
        return self.accepts(text.removesuffix("\n"))

    def describe(self) -> str:
        """Word the condition for a person: `at least 2`, `matching ^a`, `running`."""
        return " and ".join(_word(op, operand) for op, operand in self.conditions)

    @property
    def literal(self) -> str | None:
        """The expected text when this is a plain equality, else None."""
        match self.conditions:
            case (("equals", str(text)),):
                return text
        return None


def equals(value: object) -> Matcher:
    """Return the matcher for plain equality with `value`."""
    return Matcher((("equals", as_text(value)),))


def at_least(value: object) -> Matcher:
    return Matcher((("at_least", as_text(value)),))


def parse(value: Any) -> Matcher:
    """Build a matcher from a YAML value; raises SpecError with the path of the fault."""
    if isinstance(value, Mapping):
        return Matcher(tuple(_condition(op, v) for op, v in _items(value)))
    if isinstance(value, Sequence) and not isinstance(value, str):
        raise SpecError(
            "a list cannot be compared with one value",
            "write `{one_of: [first, second]}`",
        )
    if value is None:
        raise SpecError("has no value", 'write a value, or "" for an empty text')
    return equals(value)


def as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _items(value: Mapping[str, Any]) -> list[tuple[str, Any]]:
    if not value:
        raise SpecError("an empty mapping compares with nothing", _advice())
    return [(str(op), operand) for op, operand in value.items()]


def _condition(op: str, operand: Any) -> tuple[str, Any]:
    with at(op):
        if op not in OPERATORS:
            near = did_you_mean(op, OPERATORS)
            raise SpecError(f"unknown comparison `{op}`{near}", _advice())
        return op, _operand(op, operand)


def _operand(op: str, operand: Any) -> Any:
    if op == "not":
        return parse(operand)
    if op == "one_of":
        return tuple(_options(operand))
    if operand is None or not isinstance(operand, str | int | float | bool):
        raise SpecError(f"`{op}` takes one value")
    text = as_text(operand)
    if op == "matches":
        check_pattern(text)
    if op == "contains" and not text:
        raise SpecError("every text contains an empty one")
    if op in ("at_least", "at_most") and not _has_digit(text):
        raise SpecError(f"`{text}` is neither number nor version")
    return text


def _options(operand: Any) -> Iterator[Matcher]:
    if not isinstance(operand, Sequence) or isinstance(operand, str) or not operand:
        raise SpecError("`one_of` takes a list", "write `[a, b]`")
    for index, option in enumerate(operand):
        with at(index):
            yield parse(option)


def check_pattern(text: str) -> None:
    """Raise SpecError unless the text is a regular expression."""
    try:
        with warnings.catch_warnings(action="ignore"):
            re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        message = f"`{text}` is not a regular expression: {error}"
        raise SpecError(message) from None


def _holds(op: str, operand: Any, observed: str | float) -> bool:
    if op == "not":
        return not operand.accepts(observed)
    if op == "one_of":
        return any(option.accepts(observed) for option in operand)
    if op == "equals":
        return _equal(operand, observed)
    if op == "contains":
        return operand in as_text(observed)
    if op == "matches":
        return _matches(operand, as_text(observed))
    order = _order(observed, operand)
    if order is None:
        return False
    return order >= 0 if op == "at_least" else order <= 0


def _matches(pattern: str, text: str) -> bool:
    from checks.patterns import Pattern  # noqa: PLC0415  (`regex` costs every start)

    return Pattern(pattern).search(text) is not None


def _equal(expected: str, observed: str | float) -> bool:
    if isinstance(observed, bool):
        return expected.lower() == as_text(observed)
    if isinstance(observed, int | float):
        return _number(expected) == observed
    return expected == observed


def _order(observed: str | float, operand: str) -> int | None:
    """Order by number where a number was observed, else by version; None: no order."""
    if isinstance(observed, str):
        return compare_versions(observed, operand) if _has_digit(observed) else None
    number = _number(operand)
    if isinstance(observed, bool) or number is None:
        return None
    return (observed > number) - (observed < number)


def _number(text: str) -> float | None:
    for convert in (int, float):
        with suppress(ValueError):
            return convert(text)
    return None


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)


def compare_versions(left: str, right: str) -> int:
    """Order two dotted versions: -1, 0 or 1; digits compare as numbers.

    Missing parts count as zero, so `1.6` equals `1.6.0` and is below `1.6.20`. What
    follows a `~` comes before: `1.6.20~ds1` is below `1.6.20`, as dpkg has it. A Debian
    epoch counts only where both have one: who writes `20.10` means `5:20.10` too.
    """
    if (":" in left) != (":" in right):
        left, right = left.rpartition(":")[2], right.rpartition(":")[2]
    a, b = _parts(left), _parts(right)
    for x, y in zip(a, b, strict=False):
        if x != y:
            return -1 if x < y else 1
    rest = a[len(b) :] or b[len(a) :]
    more = next((part for part in rest if part != ZERO), ZERO)
    if more == ZERO:
        return 0
    return 1 if (len(a) > len(b)) != (more == TILDE) else -1


def _parts(version: str) -> list[tuple[int, int, str]]:
    words = re.findall(r"\d+|~|[A-Za-z]+", version.strip().removeprefix("v"))
    return [_part(word) for word in words]


def _part(word: str) -> tuple[int, int, str]:
    if word == "~":
        return TILDE
    return (1, int(word), "") if word.isdigit() else (0, 0, word)


def _word(op: str, operand: Any) -> str:
    if op == "equals":
        return operand or "empty"
    if op == "not":
        return f"not {operand.describe()}"
    if op == "one_of":
        return " or ".join(option.describe() for option in operand)
    words = {
        "contains": "containing",
        "matches": "matching",
        "at_least": "at least",
        "at_most": "at most",
    }
    return f"{words[op]} {operand}"


def _advice() -> str:
    return f"write a value, or a mapping with one of {', '.join(OPERATORS)}"
