"""Reports on labs that were imported: what was kept, changed and dropped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from lab_runner.importing import Imported
from lab_runner.report import json
from lab_runner.report.style import counted

TOTALS = {
    "steps": "step",
    "checks": "check",
    "commands": "command",
    "keystrokes": "keystroke",
    "copies": "copy button",
}


def fields(imported: Sequence[Imported]) -> dict[str, Any]:
    """Return what `labrun dev import --json` says."""
    labs = [_lab(each) for each in imported]
    totals = {key: sum(lab[key] for lab in labs) for key in TOTALS}
    broken = sum(not lab["written"] for lab in labs)
    noticed = sum(len(lab["problems"]) for lab in labs)
    written = len(labs) - broken
    more = {"labs": written, "broken": broken, "problems": noticed}
    return {"labs": labs, "totals": {**more, **totals}}


def text(imported: Sequence[Imported], out: str) -> str:
    """Return a paragraph for each lab of which anything is to be said, and a sum."""
    found = fields(imported)
    totals = found["totals"]
    parts = [_paragraph(each) for each in imported if each.problems]
    rules = Counter(p.rule for each in imported for p in each.problems if each.lab)
    noticed = ", ".join(f"{n} {rule}" for rule, n in sorted(rules.items()))
    kept = ", ".join(counted(totals[key], word) for key, word in TOTALS.items())
    lines = [f"{counted(totals['labs'], 'lab')} in {out}/labs: {kept}."]
    if noticed:
        lines.append(f"Of their parts: {noticed}.")
    if totals["broken"]:
        lines.append(f"{counted(totals['broken'], 'lab')} could not be read.")
    return "\n\n".join([*parts, "\n".join(lines)])


def _lab(each: Imported) -> dict[str, Any]:
    steps = each.lab.steps if each.lab else ()
    return {
        "id": each.id,
        "path": each.path,
        "written": each.lab is not None,
        "made_for": each.lab.made_for if each.lab else "",
        "steps": len(steps),
        "checks": sum(len(step.tasks) for step in steps),
        "commands": each.counts.commands,
        "keystrokes": each.counts.keystrokes,
        "copies": each.counts.copies,
        "problems": json.problems(each.problems),
    }


def _paragraph(each: Imported) -> str:
    said = "" if each.lab else ", which could not be read"
    lines = [
        f"  {p.source}: {p.rule if each.lab else p.severity}: {p.message}. {p.advice}."
        for p in each.problems
    ]
    return "\n".join([f"{each.id}, from {each.path}{said}:", *lines])
