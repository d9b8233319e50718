"""What is wrong with labs, for people and for code hosts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from lab_runner.characters import harmless
from lab_runner.lint.subject import Rule
from lab_runner.model import Problem

SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


def text(problems: Iterable[Problem]) -> str:
    """List problems, one a line, each with the rule that found it."""
    return "\n".join(f"{harmless(str(each))} [{each.rule}]" for each in problems)


def summary(labs: int, problems: Sequence[Problem]) -> str:
    """Say how many there are, as in `3 labs: 1 error, 2 warnings`."""
    found = Counter(each.severity for each in problems)
    counts = [_count(found[kind], kind) for kind in ("error", "warning") if found[kind]]
    return (
        f"{_count(labs, 'lab')}: {', '.join(counts) or 'nothing to find fault with'}."
    )


def sarif(problems: Iterable[Problem], rules: Iterable[Rule], version: str) -> str:
    """Return problems as SARIF 2.1.0 (OASIS), which code hosts show beside the text.

    Readers of formats note problems under rules of their own, which explain themselves.
    """
    problems = list(problems)
    meanings = {each.rule: each.message for each in problems}
    meanings |= {rule.id: rule.meaning for rule in rules}
    described = [
        {"id": name, "shortDescription": {"text": meaning}}
        for name, meaning in meanings.items()
    ]
    driver = {"name": "labrun", "version": version, "rules": described}
    run = {"tool": {"driver": driver}, "results": [_result(each) for each in problems]}
    return json.dumps({"$schema": SARIF, "version": "2.1.0", "runs": [run]}, indent=2)


def _result(problem: Problem) -> dict[str, Any]:
    source = problem.source
    region = {"startLine": source.line, "startColumn": source.column}
    place = {"artifactLocation": {"uri": source.path}, "region": region}
    return {
        "ruleId": problem.rule,
        "level": problem.severity,
        "message": {"text": f"{problem.message}. {problem.advice}."},
        "locations": [{"physicalLocation": place}],
    }


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
