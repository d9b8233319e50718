"""What a kind of check says of itself: its docstring, its fields and their meanings.

Each field of a kind is followed by a string that says what its key means; the keys
that mean the same everywhere are explained here once.
"""

from __future__ import annotations

import ast
import dataclasses
import inspect
import itertools
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_type_hints

from checks import registry, spec

COMMON = {
    "namespace": "The namespace in which it is looked for; without it `default`.",
    "address": "The path of the socket to ask, in place of the usual one.",
    "exists": "`false` asks that it is provably not there.",
    "labels": "Labels that must be there with a matching value; others do not matter.",
}


@dataclass(frozen=True, slots=True)
class Key:
    """A YAML key: `hint` is the type of its field, `words` are all it can ever be."""

    name: str
    hint: Any
    meaning: str
    required: bool
    default: Any = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Description:
    """A kind as its page shows it; the first of `keys` takes the subject.

    `origin` is the distribution, `family` what it has in common with its neighbours;
    `narrowing` are the keys that may stand beside `exists: false`, if it has that.
    """

    kind: str
    family: str
    origin: str
    summary: str
    example: str
    notes: str
    keys: tuple[Key, ...]
    facts: tuple[str, ...]
    narrowing: tuple[str, ...] = ()


def describe(kind: str) -> Description:
    """Describe a kind; raises SpecError when there is none of this name."""
    cls = registry.load(kind)
    summary, example, notes = _page(inspect.getdoc(cls) or "")
    subject, *others = keys(cls)
    return Description(
        kind=kind,
        family=_family(kind, cls),
        origin=registry.origin(kind),
        summary=summary,
        example=example,
        notes=notes,
        keys=(dataclasses.replace(subject, name=kind, required=True), *others),
        facts=tuple(cls.FACTS),
        narrowing=spec.narrowing(kind, cls) if "exists" in spec.keys(kind, cls) else (),
    )


def keys(record: type[Any]) -> tuple[Key, ...]:
    """Describe the fields of a kind, or of a record that is a value of one."""
    hints, meanings = get_type_hints(record), _meanings(record)
    words: Mapping[str, tuple[str, ...]] = getattr(record, "WORDS", {})
    required = spec.required(record)
    return tuple(
        Key(
            name=field.name,
            hint=hints[field.name],
            meaning=meanings.get(field.name) or COMMON.get(field.name, ""),
            required=field.name in required,
            default=None if field.default is dataclasses.MISSING else field.default,
            words=tuple(words.get(field.name, ())),
        )
        for field in dataclasses.fields(record)
    )


def _family(kind: str, cls: type[Any]) -> str:
    """Return the package that a kind of labrun's is in, else the distribution."""
    if kind not in registry.KINDS:
        return registry.origin(kind)
    return cls.__module__.split(".")[1]


def _page(doc: str) -> tuple[str, str, str]:
    """Split a docstring in its first sentence, its indented example and the rest."""
    summary, *blocks = doc.split("\n\n")
    examples = [block for block in blocks if block.startswith("    ")]
    notes = [block for block in blocks if not block.startswith("    ")]
    example = textwrap.dedent("\n\n".join(examples))
    return " ".join(summary.split()), example, "\n\n".join(notes)


def _meanings(record: type[Any]) -> dict[str, str]:
    """Return the strings below the fields, by field, as far as there is source."""
    try:
        source = textwrap.dedent(inspect.getsource(record))
    except OSError:
        return {}
    body = getattr(ast.parse(source).body[0], "body", [])
    found = {}
    for field, below in itertools.pairwise(body):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(
                value=ast.Constant(value=str(text))
            ):
                found[name] = inspect.cleandoc(text)
    return found
