"""What is asked of an object beside what it has: the first difference decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from checks.host.wording import contrast, unlike
from checks.matchers import Matcher, Observed, as_text
from checks.verdict import Facts, Verdict, failed


@dataclass(frozen=True, slots=True)
class Aspect:
    """One property: `wanted` is None where nothing is asked, `hint` is what mends it."""

    word: str
    wanted: Matcher | None
    observed: Observed
    hint: str = ""


def difference(subject: str, aspects: Iterable[Aspect], facts: Facts) -> Verdict | None:
    """Return the failure for the first aspect that is not as wanted, else None."""
    for aspect in aspects:
        if aspect.wanted is not None and not aspect.wanted.accepts(aspect.observed):
            return _failure(subject, aspect, aspect.wanted, facts)
    return None


def _failure(subject: str, aspect: Aspect, wanted: Matcher, facts: Facts) -> Verdict:
    actual, expected = contrast(as_text(aspect.observed), wanted)
    found = f"no {aspect.word}" if aspect.observed is None else aspect.word
    value = f" `{actual}`" if actual else ""
    return failed(
        f"{subject} has {found}{value}, {unlike(wanted, expected)}",
        expected=expected or "empty",
        actual=actual,
        hint=aspect.hint,
        facts=facts,
    )
