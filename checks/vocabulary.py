"""What can be observed at all: a condition that nothing can meet is a slip."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from checks.errors import SpecError
from checks.matchers import Matcher
from checks.words import did_you_mean

Keys = tuple[str | int, ...]


def check_words(key: str, wanted: Matcher | None, words: Collection[str]) -> None:
    """Raise SpecError for a condition on `key` that none of its words meets."""
    for keys, operator, text in _comparisons(wanted, (key,)):
        condition = Matcher(((operator, text),))
        if not any(condition.accepts(word) for word in words):
            near = did_you_mean(text, words)
            message = f"`{key}`: `{text}` is not one of {', '.join(words)}{near}"
            raise SpecError(message, "write one of them", keys)


def check_numbers(key: str, wanted: Matcher | None) -> None:
    """Raise SpecError where `key`, a whole number, is compared with something else."""
    for keys, operator, text in _comparisons(wanted, (key,)):
        if operator in ("equals", "at_least", "at_most") and not text.isdecimal():
            message = f"`{key}`: `{text}` is not a whole number"
            raise SpecError(message, "write digits and nothing else", keys)


def _comparisons(wanted: Matcher | None, keys: Keys) -> Iterator[tuple[Keys, str, str]]:
    """Yield each comparison with a text: the keys that lead to it, operator and text."""
    for operator, operand in wanted.conditions if wanted else ():
        if operator == "not":
            yield from _comparisons(operand, (*keys, operator))
        elif operator == "one_of":
            for index, option in enumerate(operand):
                yield from _comparisons(option, (*keys, operator, index))
        else:
            end = () if operator == "equals" else (operator,)
            yield (*keys, *end), operator, operand
