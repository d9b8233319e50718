"""What a row of commands leaves: later effects override earlier ones."""

from __future__ import annotations

from collections.abc import Iterable

from lab_runner.inference.effects import Understood
from lab_runner.inference.model import ANY, Effects, Fact, fact

Known = dict[tuple[str, ...], Fact]


class Fold:
    """The facts of a machine as the commands of a text leave them, step by step."""

    def __init__(self) -> None:
        self._known: Known = {}

    def text(self, path: str) -> str | None:
        """Return the whole text of a file, where the commands so far have written it."""
        known = self._known.get(fact("file", path).identity)
        content = known.spec.get("content") if known else None
        return content if isinstance(content, str) else None

    def step(self, commands: Iterable[Understood]) -> tuple[Fact, ...]:
        """Return the facts left at the end of a step; what it looked at comes last.

        What earlier steps have left already is not said again.
        """
        before = dict(self._known)
        left: Known = {}
        shown: Known = {}
        for each in commands:
            effects = each.effects
            if effects.kind == "look":
                shown |= {fact.identity: fact for fact in effects.facts}
                continue
            told = [self._meant(fact) for fact in effects.facts]
            _forget(shown, effects)
            for known in (left, self._known):
                _forget(known, effects)
                _learn(known, told)
        new = (fact for fact in left.values() if not _is_known(fact, before))
        return (*new, *self._looks(shown, left))

    def _meant(self, fact: Fact) -> Fact:
        """Return what is true of an object that is told to be in a state.

        Of a task of containerd, what its container says counts as well.
        """
        _, *name = fact.identity
        for identity in (fact.identity, ("container", *name)):
            known = self._known.get(identity)
            if known and fact.state in known.instead:
                return known.instead[fact.state]
        return fact

    def _looks(self, shown: Known, left: Known) -> tuple[Fact, ...]:
        """Return what the looks of a step show, as far as it is not said already.

        A look shows what is there: of an object that is known, what is known of it.
        """
        new = [self._known.get(name, shown[name]) for name in shown if name not in left]
        self._known |= {fact.identity: fact for fact in new if fact.kind != "ran"}
        return tuple(new)


def _forget(known: Known, effects: Effects) -> None:
    if effects.forgets:
        for name in [name for name, fact in known.items() if effects.forgets(fact)]:
            del known[name]


def _learn(known: Known, facts: Iterable[Fact]) -> None:
    for each in facts:
        earlier = known.pop(each.identity, None)
        known[each.identity] = merged(earlier, each) if earlier else each


def _is_known(fact: Fact, before: Known) -> bool:
    known = before.get(fact.identity)
    return bool(known and merged(known, fact) == known)


def merged(earlier: Fact, later: Fact) -> Fact:
    """Lay what is learnt later over what was known of the same object."""
    if earlier.is_absence or later.is_absence:
        return later
    told = {key: value for key, value in later.spec.items() if value != ANY}
    return Fact(later.kind, {**earlier.spec, **told}, later.instead or earlier.instead)
