"""What was seen of a machine, and what has changed, as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checks.snapshot.model import Change, Snapshot
from lab_runner.characters import one_line


def text(snapshot: Snapshot) -> str:
    """List each part under its heading, and at the end what could not be looked at."""
    return "\n\n".join(filter(None, [*_parts(snapshot), unseen(snapshot)]))


def changes(found: Iterable[Change]) -> str:
    """List changes, a line each: `+` is new, `-` is gone, `~` is another."""
    return "\n".join(map(_change, found)) or "Nothing has changed."


def unseen(snapshot: Snapshot) -> str:
    return "\n".join(
        one_line(f"Not seen: {part}: {reason}")
        for part, reason in snapshot.unseen.items()
    )


def _parts(snapshot: Snapshot) -> Iterator[str]:
    for part, found in snapshot.parts.items():
        lines = [_line(f"  {name}", state) for name, state in found.items()]
        yield "\n".join([part, *(lines or ["  none"])])


def _change(change: Change) -> str:
    name = f"{change.part}: {change.name}" if change.name else change.part
    if change.before is None:
        return _line(f"+ {name}", change.after or "")
    if change.after is None:
        return _line(f"- {name}", change.before)
    return _line(f"~ {name}", f"{change.before} → {change.after}")


def _line(name: str, state: str) -> str:
    return one_line(f"{name}  {state}".rstrip())
