"""Judging an object that containerd has: whether it should be, and is as wanted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from checks.findings import Property, difference
from checks.verdict import Facts, Verdict, failed, passed


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
