"""Kinds of check as a list and as JSON, and what their keys take."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from checks import description, spec
from checks.description import Description, Key
from checks.errors import SpecError
from checks.matchers import Matcher
from checks.nested import Nested

FAMILIES = {
    "host": "Host",
    "shell": "Shell",
    "containerd": "containerd",
    "cri": "CRI",
    "docker": "Docker",
    "oci": "OCI",
    "event": "Events",
    "same": "Across runtimes",
    "combine": "Several in one",
}
WORDED = {bool: "true or false", int: "number", float: "number", Nested: "check"}
COMPARED = "value or comparison"


def text(kinds: Iterable[Description]) -> str:
    """List kinds, a line each, by family."""
    return "\n\n".join(
        "\n".join([title(family), *(f"  {k.kind:<18} {k.summary}" for k in members)])
        for family, members in families(kinds)
    )


def unusable(fault: SpecError) -> str:
    remedy = f" Try: {fault.remedy}." if fault.remedy else ""
    return f"{fault.message[0].upper()}{fault.message[1:]}.{remedy}"


def fields(kind: Description) -> dict[str, Any]:
    return {
        "kind": kind.kind,
        "family": kind.family,
        "origin": kind.origin,
        "summary": kind.summary,
        "notes": kind.notes,
        "example": kind.example,
        "keys": [_key_fields(key) for key in kind.keys],
        "facts": list(kind.facts),
    }


def families(kinds: Iterable[Description]) -> Iterator[tuple[str, list[Description]]]:
    """Group kinds by family, labrun's own first and in the order of FAMILIES."""
    order = list(FAMILIES)

    def rank(kind: Description) -> tuple[int, str]:
        known = kind.family in order
        return (order.index(kind.family) if known else len(order)), kind.family

    for (_, family), members in groupby(sorted(kinds, key=rank), key=rank):
        yield family, list(members)


def title(family: str) -> str:
    return FAMILIES.get(family, family)


def _key_fields(key: Key) -> dict[str, Any]:
    default = key.default
    inner = record(key.hint)
    return {
        "name": key.name,
        "type": worded(key).replace("`", ""),
        "required": key.required,
        "default": default.describe() if isinstance(default, Matcher) else default,
        "meaning": " ".join(key.meaning.split()),
        "keys": [_key_fields(k) for k in description.keys(inner)] if inner else [],
    }


def worded(key: Key) -> str:
    """Return what a key takes: `text`, `a or b`, `list of checks`."""
    if key.words:
        return f"{_choice(key.words)}, or a comparison"
    return _value(key.hint)


def _value(hint: Any) -> str:
    hint = spec.given(hint)
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if hint is Matcher:
        return COMPARED
    if origin is typing.Literal:
        return _choice(args)
    if origin is tuple:
        return _several(args[0])
    if origin is not None:
        return f"mapping of names, each to a {_value(args[1])}"
    return WORDED.get(hint, "mapping" if dataclasses.is_dataclass(hint) else "text")


def _several(item: Any) -> str:
    if item is Nested or dataclasses.is_dataclass(item):
        return f"list of {_value(item)}s"
    return f"{_value(item)}, or a list"


def _choice(words: Sequence[str]) -> str:
    *others, last = (f"`{word}`" for word in words)
    return f"{', '.join(others)} or {last}" if others else last


def record(hint: Any) -> type[Any] | None:
    """Return the class of the records that a value is made of, if it is."""
    hint = spec.given(hint)
    if typing.get_origin(hint) is tuple:
        hint = typing.get_args(hint)[0]
    is_record = isinstance(hint, type) and dataclasses.is_dataclass(hint)
    return hint if is_record and hint not in (Matcher, Nested) else None
