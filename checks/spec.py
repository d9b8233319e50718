"""From the YAML of a check to its frozen record, by the types of its fields."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from checks import matchers, registry
from checks.errors import SpecError, at
from checks.matchers import Matcher
from checks.nested import DEEPEST, Nested
from checks.words import did_you_mean

if TYPE_CHECKING:
    from checks.check import Check

SEVERAL = tuple[Nested, ...]
TRUE, FALSE = ("true", "yes"), ("false", "no")


def build(kind: str, cls: type[Check], entry: Mapping[str, Any]) -> Check:
    """Build one check from a mapping whose key `kind` holds its subject.

    Raises the first fault as SpecError; `problems` returns all of them.
    """
    for fault in _faults(kind, cls, entry):
        raise fault
    check: Check = _construct(cls, _renamed(kind, cls, entry))
    return check


def problems(
    kind: str, cls: type[Check], entry: Mapping[str, Any]
) -> typing.Iterator[SpecError]:
    """Yield everything wrong with the entry, each with the path of keys to it.

    What a kind's `__post_init__` refuses is looked at once every key is right by itself.
    """
    faults = list(_faults(kind, cls, entry))
    yield from faults
    if not faults:
        try:
            build(kind, cls, entry)
        except SpecError as error:
            yield error


def _faults(
    kind: str, cls: type[Any], entry: Mapping[str, Any]
) -> typing.Iterator[SpecError]:
    yield from _wrong_keys(kind, cls, entry)
    yield from _missing_keys(kind, cls, entry)
    yield from _idle_keys(kind, cls, entry)


def _wrong_keys(
    kind: str, cls: type[Any], entry: Mapping[str, Any]
) -> typing.Iterator[SpecError]:
    by_key = _types_by_key(kind, cls)
    known = tuple(by_key)
    for key, value in entry.items():
        if key not in known:
            yield SpecError(
                f"unknown key `{key}` for `{kind}`{did_you_mean(str(key), known)}",
                f"`{kind}` knows {', '.join(known)}",
                path=(key,),
            )
            continue
        yield from _wrong_value(key, by_key[key], value)


def _wrong_value(key: str, hint: Any, value: Any) -> typing.Iterator[SpecError]:
    """Yield what is wrong with a value; of checks inside it, all that is wrong."""
    inner = list(_entries(hint, value))
    for path, entry in inner:
        for fault in _entry_faults(entry):
            yield SpecError(fault.message, fault.remedy, (key, *path, *fault.path))
    if inner:
        return
    try:
        convert(hint, value)
    except SpecError as error:
        yield SpecError(f"`{key}`: {error.message}", error.remedy, (key, *error.path))


def _entries(
    hint: Any, value: Any
) -> typing.Iterator[tuple[tuple[int, ...], Mapping[str, Any]]]:
    """Yield the checks that a value holds, each with the path to it."""
    hint = given(hint)
    if hint is Nested and _is_entry(value):
        yield (), value
    if hint == SEVERAL and isinstance(value, list):
        for index, each in enumerate(value):
            if _is_entry(each):
                yield (index,), each


def _is_entry(value: Any) -> bool:
    return isinstance(value, Mapping) and bool(value)


def _entry_faults(entry: Mapping[str, Any]) -> typing.Iterator[SpecError]:
    kind = str(next(iter(entry)))
    try:
        cls = _loaded(kind, entry)
    except SpecError as error:
        yield error
        return
    yield from _faults(kind, cls, entry)


def _loaded(kind: str, entry: Mapping[str, Any]) -> type[Check]:
    """Load the kind that an entry begins with; the message knows a wrong order."""
    later = next((key for key in entry if key in registry.KINDS), None)
    with at(kind):
        if later and not registry.has(kind):
            advice = f"move `{later}` to the top of this entry"
            raise SpecError("the kind of check comes first", advice)
        return registry.load(kind)


def _missing_keys(
    kind: str, cls: type[Any], entry: Mapping[str, Any]
) -> typing.Iterator[SpecError]:
    for name in required(cls):
        key = kind if name == subject_field(cls) else name
        if key not in entry:
            yield SpecError(f"`{kind}` needs the key `{key}`", path=(kind,))


def _idle_keys(
    kind: str, cls: type[Any], entry: Mapping[str, Any]
) -> typing.Iterator[SpecError]:
    """Refuse conditions on an object that shall not be: only plain text says where."""
    if matchers.as_text(entry.get("exists")).lower() not in FALSE:
        return
    allowed = narrowing(kind, cls)
    for key in keys(kind, cls):
        if key in entry and key not in allowed:
            message = f"`{key}` says nothing beside `exists: false`"
            yield SpecError(message, "leave one of them out", path=(key,))


def keys(kind: str, cls: type[Any]) -> tuple[str, ...]:
    """Return the YAML keys of a kind, its own name first in place of the subject."""
    names = [f.name for f in dataclasses.fields(cls)]
    return (kind, *names[1:])


def narrowing(kind: str, cls: type[Any]) -> tuple[str, ...]:
    """Return the keys that say which object is meant: all that `exists: false` takes."""
    allowed = (kind, "exists", *getattr(cls, "NARROWED_BY", ()))
    hints = _types_by_key(kind, cls)
    return tuple(key for key in hints if key in allowed or given(hints[key]) is str)


def subject_field(cls: type[Any]) -> str:
    return dataclasses.fields(cls)[0].name


def required(cls: type[Any]) -> list[str]:
    return [
        f.name
        for f in dataclasses.fields(cls)
        if f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING
    ]


def convert(hint: Any, value: Any) -> Any:
    """Convert a YAML value to the type `hint`; raises SpecError saying what to write."""
    hint = given(hint)
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if hint is Matcher:
        return matchers.parse(value)
    if hint is Nested:
        return _nested(value)
    if hint == SEVERAL and not isinstance(value, list | tuple):
        raise SpecError("takes a list of checks", "begin each of them with `- `")
    if origin is tuple:
        return _sequence(args[0], value)
    if origin is not None and _is_mapping(origin):
        return _mapping(args[1], value)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _record(hint, value)
    if value is None or isinstance(value, Mapping | list | tuple):
        raise SpecError(_expects_one(value), "write one plain value")
    if origin is typing.Literal:
        return _choice(args, matchers.as_text(value))
    return _scalar(hint, value)


def buildable(hint: Any) -> bool:
    """Tell whether `convert` knows what to do for a type."""
    hint = given(hint)
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple:
        return args[1:] == (...,) and buildable(args[0])
    if origin is not None and _is_mapping(origin):
        return args[0] is str and buildable(args[1])
    if hint in (Matcher, Nested, str, int, float, bool) or origin is typing.Literal:
        return True
    is_record = isinstance(hint, type) and dataclasses.is_dataclass(hint)
    return is_record and all(map(buildable, _types(hint).values()))


def given(hint: Any) -> Any:
    """Return the type of a value that is given: without the None of an optional one."""
    if typing.get_origin(hint) not in (typing.Union, types.UnionType):
        return hint
    return next(a for a in typing.get_args(hint) if a is not types.NoneType)


def _is_mapping(origin: Any) -> bool:
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _types(cls: type[object]) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _types_by_key(kind: str, cls: type[Any]) -> dict[str, Any]:
    hints, fields = _types(cls), dataclasses.fields(cls)
    return {
        key: hints[field.name]
        for key, field in zip(keys(kind, cls), fields, strict=True)
    }


def _construct(cls: type[Any], values: Mapping[str, Any]) -> Any:
    hints = _types(cls)
    converted = {}
    for key, value in values.items():
        with at(key):
            converted[key] = convert(hints[key], value)
    return cls(**converted)


def _renamed(kind: str, cls: type[Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    subject = subject_field(cls)
    return {subject if key == kind else key: value for key, value in entry.items()}


def _nested(value: Any) -> Nested:
    if not _is_entry(value):
        raise SpecError("takes a check", "write one such as `package: containerd`")
    kind = str(next(iter(value)))
    check = build(kind, _loaded(kind, value), value)
    depth = 1 + max((each.depth for each in _inside(check)), default=0)
    if depth > DEEPEST:
        raise SpecError(
            f"checks are nested more than {DEEPEST} deep", "write it flatter"
        )
    return Nested(kind, check, depth)


def _inside(check: Any) -> typing.Iterator[Nested]:
    """Yield the checks that are the value, or in the value, of a field."""
    for field in dataclasses.fields(check):
        value = getattr(check, field.name)
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, Nested):
                yield each


def _sequence(item: Any, value: Any) -> tuple[Any, ...]:
    values = value if isinstance(value, list | tuple) else [value]
    if not values:
        raise SpecError("an empty list asks for nothing", "write at least one entry")
    converted = []
    for index, each in enumerate(values):
        with at(index):
            converted.append(convert(item, each))
    return tuple(converted)


def _mapping(item: Any, value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping) or not value:
        raise SpecError("takes a mapping", "write `{name: value}`")
    converted = {}
    for key, each in value.items():
        with at(key):
            converted[str(key)] = convert(item, each)
    return converted


def _record(cls: type[Any], value: Any) -> Any:
    names = [f.name for f in dataclasses.fields(cls)]
    if not isinstance(value, Mapping):
        raise SpecError("takes a mapping", f"its keys are {', '.join(names)}")
    for key in value:
        if key not in names:
            raise SpecError(
                f"unknown key `{key}`{did_you_mean(str(key), names)}",
                f"its keys are {', '.join(names)}",
                path=(key,),
            )
    for name in required(cls):
        if name not in value:
            raise SpecError(f"needs the key `{name}`")
    return _construct(cls, value)


def _choice(options: Sequence[str], text: str) -> str:
    if text not in options:
        raise SpecError(
            f"`{text}` is not one of {', '.join(options)}{did_you_mean(text, options)}"
        )
    return text


def _scalar(hint: Any, value: Any) -> Any:
    text = matchers.as_text(value)
    if hint is bool:
        if text.lower() not in TRUE + FALSE:
            raise SpecError(f"`{text}` is neither true nor false")
        return text.lower() in TRUE
    if hint in (int, float):
        try:
            return hint(text)
        except ValueError:
            raise SpecError(f"`{text}` is not a number") from None
    if not text:
        raise SpecError("is empty", "write a value")
    return text


def _expects_one(value: Any) -> str:
    if value is None:
        return "has no value"
    return "takes one value, not a " + (
        "mapping" if isinstance(value, Mapping) else "list"
    )
