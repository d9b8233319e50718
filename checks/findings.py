"""What was observed of an object: how it differs from what is asked, and its facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from checks.matchers import Matcher, Observed, as_text, equals
from checks.verdict import Facts, Verdict, failed

# The daemon may be a learner's own: what it answers is bounded before it is recorded.
TEXT_LIMIT, ENTRIES_LIMIT, SHOWN_TEXT = 4096, 64, 200

Property = tuple[str, Matcher | None, Observed]
# What a property asks that is there, or is None, and has no value beside.
THERE = equals(True)


def difference(
    subject: str, properties: Iterable[Property], found: Facts, hint: str = ""
) -> Verdict | None:
    """Return the failure for the first property that is not as wanted, else None.

    `hint` is the command that mends any of them.
    """
    for name, wanted, observed in properties:
        if wanted is None or wanted.accepts(observed):
            continue
        has_none = observed is None
        text = shown(as_text(observed))
        return failed(
            f"{subject} has no {name}"
            if has_none
            else f"{subject} has {name} `{text}`",
            expected=name if wanted is THERE else f"{name} {wanted.describe()}",
            actual=f"no {name}" if has_none else text,
            hint=hint,
            facts=found,
        )
    return None


def labels(
    wanted: Mapping[str, Matcher] | None, found: Mapping[str, str]
) -> Iterator[Property]:
    """Yield the labels asked for as properties."""
    for name, matcher in (wanted or {}).items():
        yield f"label `{name}`", matcher, found.get(name)


def facts(**observed: Observed | Mapping[str, str]) -> Facts:
    """Return the properties of an observed object, each bounded in size."""
    return {name: _bounded(value) for name, value in observed.items()}


def shown(text: str) -> str:
    """Return a daemon's text at a length that fits into a sentence."""
    return text[:SHOWN_TEXT]


def _bounded(value: Observed | Mapping[str, str]) -> Observed | dict[str, str]:
    if isinstance(value, Mapping):
        entries = islice(sorted(value.items()), ENTRIES_LIMIT)
        return {key[:TEXT_LIMIT]: text[:TEXT_LIMIT] for key, text in entries}
    return value[:TEXT_LIMIT] if isinstance(value, str) else value
