"""The kind `same`: one fact is equal in several checks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from checks import registry
from checks.combine import parts
from checks.combine.parts import Part
from checks.doors.machine import Machine
from checks.errors import SpecError
from checks.matchers import as_text
from checks.nested import Nested
from checks.verdict import Facts, Status, Verdict, failed, passed

FEWEST = 2
REPOSITORY = re.compile("^.+@(?=sha256:)")
SHOWN = 80


@dataclass(frozen=True, slots=True)
class Same:
    """Several checks hold, and tell one and the same fact.

        - same: digest
          of:
            - image: docker.io/library/busybox:latest
            - docker-image: busybox

    Each check must hold by itself. Where a kind tells several, such as the `digests` of
    `docker-image`, one that all of them have will do.

    `digest` is what a registry knows an image by: of its index where it is made for
    several platforms, else of its manifest. So an image that Docker has built has none,
    and Docker's image ID, the digest of the image's config, is another.
    """

    FACTS: ClassVar = ("value", "checks")

    same: str
    """The name of the fact, as the page of each kind lists them."""
    of: tuple[Nested, ...]
    """Two checks or more, as in the list of a fence, without the keys of a task."""

    def __post_init__(self) -> None:
        if len(self.of) < FEWEST:
            message = "`of`: one check alone agrees with itself"
            raise SpecError(message, "write two or more", path=("of",))
        for index, each in enumerate(self.of):
            known = registry.load(each.kind).FACTS
            if not {self.same, f"{self.same}s"} & set(known):
                message = f"`same`: `{each.kind}` has no fact `{self.same}`"
                raise SpecError(message, f"it has {', '.join(known)}", ("of", index))

    def run(self, machine: Machine) -> Verdict:
        tried = list(parts.each(self.of, machine))
        seen = parts.facts(tried)
        amiss = _amiss(tried)
        if amiss:
            return replace(amiss.verdict, facts=seen)
        told = [_values(self.same, part.verdict.facts) for part in tried]
        if not all(told):
            silent = parts.clause(tried[told.index([])].verdict.summary)
            return failed(f"{silent}, with no {self.same}", facts=seen)
        common = [value for value in told[0] if all(value in each for each in told)]
        if common:
            summary = f"All have the {self.same} `{common[0]}`"
            return passed(summary, {"value": common[0], **seen})
        return self._differ(told, seen)

    def _differ(self, told: Sequence[Sequence[str]], seen: Facts) -> Verdict:
        sets = list(map(set, told))
        other = next(
            index
            for index in range(len(sets))
            if not sets[0].intersection(*sets[: index + 1])
        )
        first, second = told[0][0][:SHOWN], told[other][0][:SHOWN]
        return failed(
            f"`{self.of[0].kind}` has the {self.same} `{first}`, "
            f"`{self.of[other].kind}` has `{second}`",
            expected=first,
            actual=second,
            facts=seen,
        )


def _amiss(tried: Sequence[Part]) -> Part | None:
    """Return what does not hold, or else what could not be looked at."""
    others = [part for part in tried if part.status is not Status.PASSED]
    failures = [part for part in others if part.status is Status.FAILED]
    return next(iter(failures + others), None)


def _values(fact: str, facts: Mapping[str, Any]) -> list[str]:
    """Return what a verdict says of a fact; of `NAME@DIGEST`, the digest counts."""
    found = facts.get(fact, facts.get(f"{fact}s"))
    listed = found if isinstance(found, list | tuple) else [found]
    known = [as_text(each) for each in listed if each not in (None, "")]
    return [REPOSITORY.sub("", each) for each in known]
