"""YAML as a tree that keeps every scalar as text and the place of every value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from yaml import events

from lab_runner.characters import code_point, control
from lab_runner.formats import yaml_words
from lab_runner.formats.faults import Faults, Place
from lab_runner.formats.yaml_words import Complaint

DEEPEST = 12
Locate = Callable[[int, int], Place]
"""From a line and a column of the YAML text, counted from 0, to those of the file."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value; `text` is None where nothing is written."""

    place: Place
    text: str | None


@dataclass(frozen=True, slots=True)
class List:
    place: Place
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A key and its value; `place` is that of the key."""

    place: Place
    value: Node


@dataclass(frozen=True, slots=True)
class Map:
    place: Place
    entries: Mapping[str, Entry]


Node = Scalar | List | Map


def plain(node: Node, fill: Callable[[str], str] = str) -> Any:
    """Return the value as text, None, list and dict, each text put through `fill`."""
    match node:
        case Scalar(text=text):
            return None if text is None else fill(text)
        case List(items=items):
            return [plain(item, fill) for item in items]
        case Map(entries=entries):
            return {fill(key): plain(e.value, fill) for key, e in entries.items()}


def find(node: Node, path: tuple[str | int, ...]) -> Place:
    """Return the place that a path of keys and indexes leads to, or comes nearest to."""
    place = node.place
    for step in path:
        match node, step:
            case Map(entries=entries), str() if step in entries:
                place, node = entries[step].place, entries[step].value
            case List(items=items), int() if step < len(items):
                place, node = items[step].place, items[step]
            case _:
                return place
    return place


def read(text: str, locate: Locate, faults: Faults) -> Node | None:
    """Read one document; None when it is empty or when its faults were noted."""
    try:
        return _Reader(text, locate, faults).document()
    except yaml.MarkedYAMLError as error:
        found = yaml_words.explain(error)
    except _Refused as refused:
        found = refused.complaint
    except (ValueError, OverflowError):
        # PyYAML calls chr() on whatever "\\UFFFFFFFF" says.
        found = Complaint(0, 0, "an escape in here is no character", yaml_words.ESCAPE)
    faults.add(locate(found.line, found.column), found.message, found.advice)
    return None


class _Refused(Exception):
    """Valid YAML that labs do not use."""

    def __init__(self, event: events.Event, message: str, advice: str) -> None:
        super().__init__(message)
        self.complaint = Complaint(*_spot(event), message, advice)


class _Reader:
    """Builds nodes from events, and refuses what makes YAML a programming language."""

    def __init__(self, text: str, locate: Locate, faults: Faults) -> None:
        self._events: Iterator[events.Event] = yaml.parse(text, Loader=yaml.SafeLoader)
        self._locate = locate
        self._faults = faults

    def document(self) -> Node | None:
        next(self._events)
        if isinstance(next(self._events), events.StreamEndEvent):
            return None
        root = self._node(next(self._events), DEEPEST)
        next(self._events)
        end = next(self._events)
        if not isinstance(end, events.StreamEndEvent):
            raise _Refused(end, "a second document begins here", "Remove the `---`")
        return root

    def _node(self, event: events.Event, levels: int) -> Node:
        _refuse_cleverness(event)
        if levels == 0:
            raise _Refused(
                event,
                f"this is nested more than {DEEPEST} levels deep",
                "Write it flatter",
            )
        match event:
            case events.ScalarEvent():
                return self._scalar(event)
            case events.SequenceStartEvent():
                return List(self._place(event), tuple(self._items(levels)))
            case _:
                return Map(self._place(event), dict(self._entries(levels)))

    def _scalar(self, event: events.ScalarEvent) -> Scalar:
        found = control(event.value)
        if found:
            raise _Refused(
                event,
                f"this value holds the control character {code_point(found[0])}",
                yaml_words.ESCAPE,
            )
        is_nothing = event.value == "" and event.style is None
        return Scalar(self._place(event), None if is_nothing else event.value)

    def _items(self, levels: int) -> Iterator[Node]:
        while not isinstance(event := next(self._events), events.SequenceEndEvent):
            yield self._node(event, levels - 1)

    def _entries(self, levels: int) -> Iterator[tuple[str, Entry]]:
        first: dict[str, Place] = {}
        while not isinstance(event := next(self._events), events.MappingEndEvent):
            key = self._key(event)
            entry = Entry(
                self._place(event), self._node(next(self._events), levels - 1)
            )
            if key in first:
                self._faults.add(
                    entry.place,
                    f"the key `{key}` is written twice, first on line {first[key][0]}",
                    "Keep one of them",
                )
                continue
            first[key] = entry.place
            yield key, entry

    def _key(self, event: events.Event) -> str:
        _refuse_cleverness(event)
        if not isinstance(event, events.ScalarEvent):
            raise _Refused(
                event,
                "this key is a list or a mapping",
                "Write `key: value`; quote a value that begins with `{` or `[`",
            )
        return self._scalar(event).text or ""

    def _place(self, event: events.Event) -> Place:
        return self._locate(*_spot(event))


def _refuse_cleverness(event: events.Event) -> None:
    """Refuse anchors, aliases and tags: a lab needs none and they can grow without end."""
    if isinstance(event, events.AliasEvent) or getattr(event, "anchor", None):
        raise _Refused(
            event,
            "anchors (`&name`) and aliases (`*name`) are not used in labs",
            "Write the value out, in quotes if it begins with `&` or `*`",
        )
    if getattr(event, "tag", None):
        raise _Refused(
            event,
            "tags (`!name`) are not used in labs",
            "Put the value in quotes if it begins with `!`",
        )


def _spot(event: events.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line, mark.column) if mark else (0, 0)
