"""Values that several keys take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from checks.matchers import OPERATORS

Schema = Mapping[str, Any]

TEXT: Schema = {"type": ["string", "number", "boolean"]}
NO = (False, "false", "no")
FLAG: Schema = {"enum": [True, "true", "yes", *NO]}
DURATION: Schema = {
    "type": ["number", "string"],
    "pattern": r"^\d{1,6}(\.\d{1,3})?\s*(ms|s|m)?$",
}
SIZE: Schema = {"type": "string", "pattern": r"^\d{1,9}\s*[KMGT](i?B)?$"}
NUMBER: Schema = {"type": ["number", "string"], "pattern": r"^-?\d+(\.\d+)?$"}


def whole(low: int, high: int) -> Schema:
    """Return the schema of a whole number, also when it is written as text."""
    limits = {"minimum": low, "maximum": high}
    return {"type": ["integer", "string"], **limits, "pattern": r"^-?\d+$"}


def reference(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def one_or_more(item: Schema) -> Schema:
    """Return the schema of one value, or of a list of such values."""
    return {"anyOf": [item, several(item)]}


def several(item: Schema) -> Schema:
    return {"type": "array", "items": item, "minItems": 1}


def mapping(keys: Mapping[str, Schema], required: Iterable[str] = ()) -> Schema:
    """Return the schema of a mapping that knows these keys and no other."""
    return {
        "type": "object",
        "properties": keys,
        "required": list(required),
        "additionalProperties": False,
    }


def matcher(plain: Schema, inner: Schema) -> Schema:
    """Return the schema of a plain value or a comparison; `inner` is that of both."""
    operands = dict.fromkeys(OPERATORS, TEXT)
    operands |= {"one_of": several(inner), "not": inner}
    return {"oneOf": [plain, {**mapping(operands), "minProperties": 1}]}
