"""The whole schema, for one of the parts of a lab or for any of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from checks.description import Description
from lab_runner.schema import entries, keys, values
from lab_runner.schema.values import Schema

DIALECT = "https://json-schema.org/draft/2020-12/schema"
PARTS = ("checks", "question", "front-matter")


def document(kinds: Sequence[Description], part: str = "") -> dict[str, Any]:
    """Return the schema of a part, else of whatever is YAML in a lab."""
    parts = [values.reference(each) for each in PARTS]
    root = values.reference(part) if part else {"anyOf": parts}
    title = f"labrun: {part or 'YAML of a lab'}"
    return {"$schema": DIALECT, "title": title, **root, "$defs": _definitions(kinds)}


def _definitions(kinds: Sequence[Description]) -> dict[str, Schema]:
    comparison = values.reference("comparison")
    return {
        "checks": values.several(_any(kinds, "task")),
        "question": _question(),
        "front-matter": {
            **values.mapping(keys.FRONT_MATTER),
            "not": {"required": ["machine", "machines"]},
        },
        "machine": keys.machine(),
        "comparison": values.matcher(values.TEXT, comparison),
        "check": _any(kinds, "check"),
        **{f"check-{kind.kind}": entries.entry(kind, {}) for kind in kinds},
        **{f"task-{kind.kind}": entries.entry(kind, keys.TASK) for kind in kinds},
    }


def _any(kinds: Sequence[Description], prefix: str) -> Schema:
    return {"anyOf": [values.reference(f"{prefix}-{kind.kind}") for kind in kinds]}


def _question() -> Schema:
    """Return the schema of a question: something to ask, and one right answer."""
    by_fact = {"anyOf": [{"required": [key]} for key in ("fact", "get", "machine")]}
    right = [
        {"required": ["answer"], "not": by_fact},
        {"required": ["fact", "get"], "not": {"required": ["answer"]}},
    ]
    return {**values.mapping(keys.QUESTION, ["ask"]), "oneOf": right}
