"""An entry of a check list: the keys of its kind, by the types of the kind's fields."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Mapping
from typing import Any

from checks import description, spec
from checks.description import Description, Key
from checks.matchers import Matcher
from checks.nested import Nested
from lab_runner.schema import values
from lab_runner.schema.values import Schema

PLAIN: Mapping[Any, Schema] = {
    bool: values.FLAG,
    int: values.whole(-(10**9), 10**9),
    float: values.NUMBER,
    Matcher: values.reference("comparison"),
    Nested: values.reference("check"),
}


def entry(kind: Description, others: Mapping[str, Schema]) -> Schema:
    """Return the schema of an entry; `others` are keys that go with every kind."""
    own = {key.name: _described(key) for key in kind.keys}
    shared = {key: {"anyOf": [own[key], others[key]]} for key in own.keys() & others}
    required = [key.name for key in kind.keys if key.required]
    told = "\n\n".join(filter(None, [kind.summary, kind.notes]))
    mapping = values.mapping({**others, **own, **shared}, required)
    return {"description": told, **mapping, **_absent(kind, others)}


def _absent(kind: Description, others: Mapping[str, Schema]) -> Schema:
    """Return what holds beside `exists: false`, where the kind has that."""
    if not kind.narrowing:
        return {}
    denied = {"properties": {"exists": {"enum": [*values.NO]}}, "required": ["exists"]}
    return {
        "if": denied,
        "then": {"propertyNames": {"enum": [*kind.narrowing, *others]}},
    }


def _described(key: Key) -> Schema:
    schema = {
        **_value(key.hint, key.words),
        "description": " ".join(key.meaning.split()),
    }
    if isinstance(key.default, str | int | float):
        schema["default"] = key.default
    return schema


def _value(hint: Any, words: tuple[str, ...] = ()) -> Schema:
    hint = spec.given(hint)
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if words:
        return _one_of_words(words)
    if hint == spec.SEVERAL:
        return values.several(values.reference("check"))
    if origin is typing.Literal:
        truths = [True, False] if "true" in args else []
        return {"enum": [*truths, *args]}
    if origin is tuple:
        return values.one_or_more(_value(args[0]))
    if origin is not None:
        inner = _value(args[1])
        return {"type": "object", "additionalProperties": inner, "minProperties": 1}
    if hint not in PLAIN and dataclasses.is_dataclass(hint):
        return _record(hint)
    return PLAIN.get(hint, values.TEXT)


def _one_of_words(words: tuple[str, ...]) -> Schema:
    """Return the schema of one of the words, or of a comparison with them."""
    word: Schema = {"enum": list(words)}
    return values.matcher(word, values.matcher(word, values.reference("comparison")))


def _record(record: Any) -> Schema:
    keys = description.keys(record)
    required = [key.name for key in keys if key.required]
    return values.mapping({key.name: _described(key) for key in keys}, required)
