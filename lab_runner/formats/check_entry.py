"""One entry that says what must be true: a kind, its subject and its keys."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from checks import registry, spec
from checks.check import Check
from checks.errors import SpecError
from checks.words import did_you_mean
from lab_runner.formats.page import Page
from lab_runner.formats.yaml_nodes import Map, Node, find, plain

EXAMPLE = "Begin it with one, such as `package: containerd`"


@dataclass(frozen=True, slots=True)
class Entry:
    """A check as written; `spec` are the kind's own keys, `check` is what they make."""

    kind: str
    spec: Mapping[str, Any]
    check: Check


def read(node: Map, page: Page, others: Collection[str] = ()) -> Entry | None:
    """Read an entry, whose first key is its kind; None when it is wrong, as noted.

    `others` are keys that could have stood here too, to be guessed at.
    """
    kind = next(iter(node.entries))
    cls = _load(kind, node, page)
    if cls is None:
        return None
    before = len(page.faults)
    known = spec.keys(kind, cls)
    _note_unknown(node, kind, known, others, page)
    own = {key: entry for key, entry in node.entries.items() if key in known}
    written = plain(Map(node.place, own), page.fill)
    try:
        check = spec.build(kind, cls, written)
    except SpecError:
        for error in spec.problems(kind, cls, written):
            advice = error.remedy or _knows(kind, known)
            page.faults.add(find(node, error.path), error.message, advice)
    if len(page.faults) > before:
        return None
    return Entry(kind, written, check)


def has_key(kind: str, key: str) -> bool:
    """Tell whether a kind, if it can be loaded, has this key of its own."""
    try:
        return key in spec.keys(kind, registry.load(kind))
    except SpecError:
        return False


def kind_missing(node: Node, page: Page) -> None:
    page.faults.add(node.place, "this entry has no kind of check", EXAMPLE)


def digest(*decisive: Any, machine: str) -> str:
    """Hash everything that decides a verdict, whatever the order of its keys.

    `machine` is empty in a lab of one.
    """
    decided = [*decisive, machine] if machine else decisive
    return hashlib.sha256(json.dumps(decided, sort_keys=True).encode()).hexdigest()


def _load(kind: str, node: Map, page: Page) -> type[Check] | None:
    try:
        return registry.load(kind)
    except SpecError as error:
        page.faults.add(node.entries[kind].place, error.message, error.remedy)
    return None


def _note_unknown(
    node: Map, kind: str, known: Sequence[str], others: Collection[str], page: Page
) -> None:
    for key, entry in node.entries.items():
        if key in known or key in others:
            continue
        guess = did_you_mean(key, [*known, *others])
        advice = _knows(kind, known)
        if registry.has(key):
            advice = f"To check `{key}` as well, begin an entry of its own: `- {key}:`"
        page.faults.add(entry.place, f"unknown key `{key}` for `{kind}`{guess}", advice)


def _knows(kind: str, known: Sequence[str]) -> str:
    return f"`{kind}` knows {', '.join(known)}"
