"""Kinds from other distributions, which name them in the entry-point group GROUP.

The metadata of every distribution is read for that, some 20 ms, so nobody asks before a
kind is unknown or all kinds are listed.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, get_type_hints

from checks.errors import SpecError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from checks.check import Check

GROUP = "labrun.checks"


@cache
def installed() -> Mapping[str, tuple[EntryPoint, ...]]:
    """Return who claims which kind: an entry point for each distribution that does."""
    from importlib import metadata  # noqa: PLC0415  (only when a kind is unknown)

    found: dict[str, tuple[EntryPoint, ...]] = {}
    for point in metadata.entry_points(group=GROUP):
        found[point.name] = (*found.get(point.name, ()), point)
    return found


def load(kind: str) -> type[Check]:
    """Return the class that a distribution gives for an installed kind.

    Raises SpecError, which names the distribution, when it cannot be used.
    """
    point, *others = installed()[kind]
    if others:
        claimed = " and ".join(distribution(each) for each in (point, *others))
        raise SpecError(
            f"the kind `{kind}` is claimed by {claimed}",
            "uninstall all but one of them",
        )
    try:
        cls = point.load()
        lacking = _lacking(cls)
    except (Exception, SystemExit) as error:  # noqa: BLE001  (it is not our code)
        lacking = f"{type(error).__name__}: {error}"
    if lacking:
        raise SpecError(
            f"the kind `{kind}` of {distribution(point)} cannot be used: {lacking}",
            f"`pip install --upgrade {_name(point)}`, or uninstall it",
        )
    checked: type[Check] = cls
    return checked


def distribution(point: EntryPoint) -> str:
    """Name the distribution of an entry point with its version."""
    return f"{_name(point)} {point.dist.version}" if point.dist else _name(point)


def _name(point: EntryPoint) -> str:
    return point.dist.name if point.dist else point.module


def _lacking(cls: Any) -> str:
    """Return what keeps a class from being a kind, or an empty text."""
    if not (isinstance(cls, type) and dataclasses.is_dataclass(cls)):
        return f"{cls!r} is not a dataclass"
    from checks import spec  # noqa: PLC0415  (which looks kinds up here)

    hints, facts = get_type_hints(cls), getattr(cls, "FACTS", None)
    fields = [field.name for field in dataclasses.fields(cls)]
    if not fields:
        return f"{cls.__name__} has no field for its subject"
    for name in fields:
        if not spec.buildable(hints[name]):
            return f"`{name}` has a type that nothing written in a lab can have"
    if not isinstance(facts, tuple) or not callable(getattr(cls, "run", None)):
        return f"{cls.__name__} has no `run` or no tuple `FACTS`"
    return ""
