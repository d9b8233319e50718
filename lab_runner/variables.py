"""Values that differ from learner to learner and stay the same for each of them."""

from __future__ import annotations

import hmac
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Draw = Callable[[int], int]
"""Returns the learner's next number from 0 up to, not including, its argument."""


@dataclass(frozen=True, slots=True)
class Constant:
    text: str

    def value(self, _draw: Draw) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Token:
    """`length` lower-case letters and digits; begins with a letter."""

    length: int

    def value(self, draw: Draw) -> str:
        letters = string.ascii_lowercase
        rest = (_pick(letters + string.digits, draw) for _ in range(self.length - 1))
        return _pick(letters, draw) + "".join(rest)


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number from `low` to `high`, both included."""

    low: int
    high: int

    def value(self, draw: Draw) -> str:
        return str(self.low + draw(self.high - self.low + 1))


@dataclass(frozen=True, slots=True)
class OneOf:
    options: tuple[str, ...]

    def value(self, draw: Draw) -> str:
        return _pick(self.options, draw)


Recipe = Constant | Token | Number | OneOf


def derive(recipes: Mapping[str, Recipe], seed: bytes, lab_id: str) -> dict[str, str]:
    """Return the learner's values; `seed` is the learner's secret."""
    return {
        name: recipe.value(_drawing(seed, f"{lab_id}\0{name}"))
        for name, recipe in recipes.items()
    }


def _drawing(seed: bytes, label: str) -> Draw:
    drawn = 0

    def draw(size: int) -> int:
        nonlocal drawn
        drawn += 1
        digest = hmac.digest(seed, f"{label}\0{drawn}".encode(), "sha256")
        return int.from_bytes(digest) % size

    return draw


def _pick(options: Sequence[str], draw: Draw) -> str:
    return options[draw(len(options))]
