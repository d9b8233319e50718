"""Keys of a mapping in a lab file: which are known, and what their values become."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from checks.errors import SpecError, at
from checks.words import did_you_mean
from lab_runner.formats.faults import Faults
from lab_runner.formats.yaml_nodes import Entry, Map, find, plain

Convert = Callable[[Any], Any]
"""From a plain YAML value; raises SpecError with message and remedy."""

WHOLE = re.compile(r"-?\d{1,9}", re.ASCII)
DURATION = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*(ms|s|m)?", re.ASCII)
SECONDS = {None: 1.0, "ms": 0.001, "s": 1.0, "m": 60.0}


def take(
    node: Map,
    known: Mapping[str, Convert],
    what: str,
    faults: Faults,
    fill: Callable[[str], str] = str,
) -> dict[str, Any]:
    """Convert the known keys of a mapping; note every unknown one and every bad value.

    `what` names the mapping in messages: "unknown key `x` in the front matter". `fill`
    puts the values of variables into texts.
    """
    taken = {}
    for key, entry in node.entries.items():
        if key not in known:
            guess = did_you_mean(key, known)
            message = f"unknown key `{key}` in {what}{guess}"
            faults.add(entry.place, message, f"Its keys are {', '.join(known)}")
            continue
        value = convert(entry, known[key], key, faults, fill)
        if value is not None:
            taken[key] = value
    return taken


def convert(
    entry: Entry,
    by: Convert,
    key: str,
    faults: Faults,
    fill: Callable[[str], str] = str,
) -> Any:
    """Convert one value; None when it is wrong, which is noted."""
    try:
        return by(plain(entry.value, fill))
    except SpecError as error:
        place = find(entry.value, error.path) if error.path else entry.place
        faults.add(place, f"`{key}`: {error.message}", error.remedy)
    return None


def text(value: Any) -> str:
    """Return one line of text."""
    if not isinstance(value, str) or not value.strip():
        raise SpecError(
            "takes one text", "write it after the `:`, in quotes if need be"
        )
    return " ".join(value.split())


def prose(value: Any) -> str:
    """Return a text whose line breaks were meant."""
    text(value)
    return str(value).strip()


def whole(low: int, high: int) -> Convert:
    """Return the converter for a whole number from `low` to `high`."""

    def number(value: Any) -> int:
        if not isinstance(value, str) or not WHOLE.fullmatch(value):
            raise SpecError("takes a whole number", f"write one from {low} to {high}")
        if not low <= int(value) <= high:
            raise SpecError(f"`{value}` is out of range", f"write {low} to {high}")
        return int(value)

    return number


def duration(low: float, high: float) -> Convert:
    """Return the converter for `5`, `5s`, `2m` or `500ms` to seconds."""

    def seconds(value: Any) -> float:
        match = DURATION.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            raise SpecError("takes a duration", "write `5s`, `500ms` or `2m`")
        amount = float(match[1]) * SECONDS[match[2]]
        if not low <= amount <= high:
            limits = f"write {low:g}s to {high:g}s"
            raise SpecError(f"`{value}` is out of range", limits)
        return amount

    return seconds


def choice(*options: str) -> Convert:
    """Return the converter for one of some words."""
    listed = ", ".join(options)

    def chosen(value: Any) -> str:
        if not isinstance(value, str):
            raise SpecError("takes one word", f"write one of {listed}")
        if value not in options:
            guess = did_you_mean(value, options)
            raise SpecError(f"`{value}` is no choice{guess}", f"write one of {listed}")
        return value

    return chosen


def moment(value: Any) -> str:
    """Convert a time with its zone (ISO 8601) to the same time in UTC."""
    example = "write one such as `2027-03-01T18:00:00+01:00`"
    if not isinstance(value, str):
        raise SpecError("takes a time", example)
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise SpecError(f"`{value}` is no time", example) from None
    if found.tzinfo is None:
        raise SpecError(f"`{value}` has no zone", "write `Z` or `+01:00` behind it")
    try:
        return found.astimezone(UTC).isoformat()
    except OverflowError:
        raise SpecError(f"`{value}` is out of range", example) from None


def texts(value: Any) -> tuple[str, ...]:
    """Return one text, or each text of a list."""
    values = value if isinstance(value, list) else [value]
    if not values:
        raise SpecError("an empty list names nothing", "write at least one entry")
    found = []
    for index, each in enumerate(values):
        with at(*([index] if isinstance(value, list) else [])):
            found.append(text(each))
    return tuple(found)


def flag(value: Any) -> bool:
    """Convert `true` or `false`."""
    if value not in ("true", "false", "yes", "no"):
        raise SpecError("takes true or false", "write `true` or `false`")
    return value in ("true", "yes")


def name(pattern: str, example: str) -> Convert:
    """Return the converter for one name that matches `pattern`."""

    def named(value: Any) -> str:
        if not isinstance(value, str):
            raise SpecError("takes one name", f"write one such as `{example}`")
        if not re.fullmatch(pattern, value, re.ASCII):
            raise SpecError(f"`{value}` is no name", f"write one such as `{example}`")
        return value

    return named


def names(pattern: str, example: str) -> Convert:
    """Return the converter for a list of names that match `pattern`."""
    one = name(pattern, example)

    def listed(value: Any) -> tuple[str, ...]:
        if not isinstance(value, list):
            raise SpecError("takes a list", f"write `[{example}]`")
        for index, item in enumerate(value):
            try:
                one(item)
            except SpecError as error:
                raise SpecError(error.message, error.remedy, (index,)) from None
        return tuple(value)

    return listed


def mapping(example: str) -> Convert:
    """Return the check that a value is a mapping; its keys are taken one level down."""

    def mapped(value: Any) -> bool:
        if not isinstance(value, Mapping):
            raise SpecError("takes a mapping", f"write `{example}`")
        return True

    return mapped
