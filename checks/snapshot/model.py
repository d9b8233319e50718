"""What was seen of a machine at one moment, and what has changed since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

Part = Mapping[str, str]
SEEN, ABSENT = "seen", "not there"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was seen of each part, by name, and why nothing was seen of the others."""

    parts: Mapping[str, Part]
    unseen: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """What changed of one name of a part; None is where there is no such.

    Without a name it is the part itself, which could be looked at only once: `before`
    and `after` say when, and why not at the other time.
    """

    part: str
    name: str
    before: str | None
    after: str | None


def diff(before: Snapshot, after: Snapshot) -> list[Change]:
    """Return the changes, sorted; nothing follows from what could not be looked at."""
    parts = sorted({*before.parts, *after.parts})
    return [change for part in parts for change in _changes(part, before, after)]


def _changes(part: str, before: Snapshot, after: Snapshot) -> Iterator[Change]:
    if part not in before.parts or part not in after.parts:
        yield Change(part, "", _sight(part, before), _sight(part, after))
        return
    old, new = before.parts[part], after.parts[part]
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            yield Change(part, name, old.get(name), new.get(name))


def _sight(part: str, snapshot: Snapshot) -> str:
    return SEEN if part in snapshot.parts else snapshot.unseen.get(part, ABSENT)
