"""Decoding the Engine's JSON strictly: what is not as documented is no answer."""

from __future__ import annotations

from typing import Any, TypeVar

from checks.errors import CheckError

T = TypeVar("T")
# The daemon may be a learner's own: what it answers is bounded before it is recorded.
TEXT_LIMIT = 4096


def field(answer: Any, key: str, kind: type[T]) -> T:
    value = answer.get(key) if isinstance(answer, dict) else None
    if not isinstance(value, kind):
        raise CheckError(f"Docker's answer has no valid `{key}`")
    return value


def text(answer: Any, key: str) -> str:
    return field(answer, key, str)[:TEXT_LIMIT]


def entries(answer: Any) -> list[Any]:
    if not isinstance(answer, list):
        raise CheckError("Docker's answer is not a list")
    return answer


def or_empty(answer: Any, key: str, kind: type[T]) -> T:
    # Docker leaves a field out or writes null where there is nothing.
    absent = isinstance(answer, dict) and not answer.get(key)
    return kind() if absent else field(answer, key, kind)


def labels(answer: Any) -> dict[str, str]:
    found = or_empty(answer, "Labels", dict)
    return {str(key): str(value)[:TEXT_LIMIT] for key, value in found.items()}
