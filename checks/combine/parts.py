"""What became of the checks inside a check."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from checks.doors.machine import Machine
from checks.nested import Nested
from checks.verdict import Facts, Status, Verdict

FACTS_LIMIT = 12 << 10
LEFT_OUT = {"left_out": "larger than is kept"}


@dataclass(frozen=True, slots=True)
class Part:
    """A check inside another, and its verdict."""

    kind: str
    verdict: Verdict

    @property
    def status(self) -> Status:
        return self.verdict.status

    @property
    def facts(self) -> dict[str, Any]:
        verdict = self.verdict
        return {
            "kind": self.kind,
            "status": verdict.status.value,
            "summary": verdict.summary,
            "facts": dict(verdict.facts),
        }


def each(checks: Sequence[Nested], machine: Machine) -> Iterator[Part]:
    """Run checks one after the other, as far as somebody asks for more."""
    for nested in checks:
        yield Part(nested.kind, nested.observe(machine))


def facts(parts: Sequence[Part]) -> Facts:
    """Return what each part saw, in order; from where it is too much, only verdicts."""
    kept, left = [], FACTS_LIMIT
    for part in parts:
        seen = part.facts
        left -= len(json.dumps(seen["facts"], default=str))
        kept.append(seen if left >= 0 else {**seen, "facts": LEFT_OUT})
    return {"checks": kept}


def clause(summary: str) -> str:
    """Return a summary as it stands inside a longer sentence."""
    return summary.rstrip(".")
