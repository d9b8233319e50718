"""How far a lab is proven, as text and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lab_runner.characters import harmless
from lab_runner.report.style import Style
from lab_runner.result import Proof

WORDS = {
    "sound": "sound",
    "vacuous": "passes before anything was done",
    "unreachable": "never passes",
    "flaky": "flaky",
    "needs": "needs what is not here",
    "unknown": "could not be told",
}


def text(proofs: Sequence[Proof], style: Style) -> str:
    """Return a line for each step, and below it why it is not sound."""
    lines = []
    for proof in proofs:
        mark = style.tick if proof.verdict == "sound" else style.cross
        lines.append(f"  {mark} {proof.step.id}: {WORDS[proof.verdict]}")
        lines += [f"      {line}" for line in harmless(proof.why).splitlines()]
    return "\n".join(lines)


def fields(proofs: Sequence[Proof]) -> dict[str, Any]:
    return {
        "steps": [
            {
                "id": proof.step.id,
                "verdict": proof.verdict,
                "why": proof.why,
                "seconds": round(proof.seconds, 3),
            }
            for proof in proofs
        ]
    }
