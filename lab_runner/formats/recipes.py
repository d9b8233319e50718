"""`vars:` of the front matter: how each learner's value of a variable is made."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from checks.errors import SpecError
from checks.words import did_you_mean
from lab_runner.formats import fields
from lab_runner.formats.faults import Faults
from lab_runner.formats.yaml_nodes import Map
from lab_runner.variables import Constant, Number, OneOf, Recipe, Token

MOST = 32
LONGEST = 200
LENGTH, WHOLE = fields.whole(1, 63), fields.whole(-(10**9) + 1, 10**9 - 1)
EXAMPLES = "write `{token: 6}`, `{number: [1, 9]}`, `{one_of: [a, b]}` or a plain value"


def read(declared: Map | None, faults: Faults) -> dict[str, Recipe]:
    """Read all declared variables; each wrong one is noted."""
    if declared is None:
        return {}
    if len(declared.entries) > MOST:
        faults.add(declared.place, f"more than {MOST} variables", "Declare fewer")
        return {}
    made = {}
    for name, entry in declared.entries.items():
        if not re.fullmatch(r"[A-Za-z_][\w-]*", name, re.ASCII):
            faults.add(
                entry.place,
                f"`{name}` is no name for a variable",
                "Begin with a letter, go on with letters, digits, `-` and `_`",
            )
            continue
        made[name] = fields.convert(entry, _recipe, name, faults)
    return {name: recipe for name, recipe in made.items() if recipe is not None}


def _recipe(value: Any) -> Recipe:
    if isinstance(value, str):
        return Constant(_constant(value))
    if not isinstance(value, Mapping) or len(value) != 1:
        raise SpecError("says no way to make a value", EXAMPLES)
    ((way, argument),) = value.items()
    if way not in WAYS:
        raise SpecError(
            f"unknown way `{way}`{did_you_mean(way, WAYS)}", EXAMPLES, path=(way,)
        )
    try:
        return WAYS[way](argument)
    except SpecError as error:
        raise SpecError(
            f"`{way}`: {error.message}", error.remedy, (way, *error.path)
        ) from None


def _token(value: Any) -> Token:
    return Token(LENGTH(value))


def _number(value: Any) -> Number:
    if not isinstance(value, list) or len(value) != 2:
        raise SpecError("takes a lowest and a highest number", "write `[1, 9]`")
    low, high = WHOLE(value[0]), WHOLE(value[1])
    if low > high:
        raise SpecError("begins above its end", f"write `[{high}, {low}]`")
    return Number(low, high)


def _one_of(value: Any) -> OneOf:
    if not isinstance(value, list) or not value:
        raise SpecError("takes a list of values", "write `[a, b]`")
    return OneOf(tuple(_constant(option) for option in value))


def _constant(value: Any) -> str:
    if not isinstance(value, str) or "\n" in value or len(value) > LONGEST:
        raise SpecError(f"takes one line of at most {LONGEST} characters", EXAMPLES)
    return value


WAYS: Mapping[str, Callable[[Any], Recipe]] = {
    "token": _token,
    "number": _number,
    "one_of": _one_of,
}
