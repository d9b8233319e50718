"""Judging an object that containerd has: whether it should be, and is as wanted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from checks.matchers import Matcher, Observed, as_text
from checks.verdict import Facts, Verdict, failed, passed

# The daemon may be a learner's own: what it answers is bounded before it is recorded.
TEXT_LIMIT, ENTRIES_LIMIT, SHOWN_TEXT = 4096, 64, 200

Property = tuple[str, Matcher | None, Observed]


@dataclass(frozen=True, slots=True)
class Named:
    """An object as a check names it: `image`, its reference and its namespace."""

    noun: str
    name: str
    namespace: str

    def __str__(self) -> str:
        return f"{self.noun} `{self.name}`"

    @property
    def subject(self) -> str:
        return f"{self.noun.capitalize()} `{self.name}`"

    @property
    def present(self) -> str:
        return f"{self.subject} is in namespace `{self.namespace}`"

    @property
    def absent(self) -> str:
        return f"There is no {self} in namespace `{self.namespace}`"


def judge(
    wanted: Named,
    found: Facts,
    properties: Iterable[Property],
    *,
    exists: bool,
    removal: str,
) -> Verdict:
    """Decide on an object that is there; `removal` is the command against it."""
    if not exists:
        return failed(wanted.present, hint=removal, facts=found)
    differs = difference(wanted.subject, properties, found)
    return differs or passed(wanted.present, found)


def difference(
    subject: str, properties: Iterable[Property], found: Facts
) -> Verdict | None:
    """Return the failure for the first property that is not as wanted, else None."""
    for name, wanted, observed in properties:
        if wanted is None or wanted.accepts(observed):
            continue
        has_none = observed is None
        text = shown(as_text(observed))
        return failed(
            f"{subject} has no {name}"
            if has_none
            else f"{subject} has {name} `{text}`",
            expected=f"{name} {wanted.describe()}",
            actual=f"no {name}" if has_none else text,
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
