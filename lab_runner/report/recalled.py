"""What did not hold when it was last looked at, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from lab_runner.recall import Recalled
from lab_runner.report import json, text
from lab_runner.report.style import Style


def told(found: Sequence[Recalled], style: Style) -> str:
    """Tell each verdict with what was found, and when that was."""
    if not found:
        return "Nothing was amiss when it was last looked at."
    lines = [style.paint("When it was last looked at:", "bold")]
    for each in found:
        when = each.at.partition(".")[0].replace("T", " ")
        lines.append(text.task(each.result, style))
        lines.append(style.paint(f"      Step `{each.step.id}`, {when} UTC", "dim"))
    return "\n".join(lines)


def rows(found: Iterable[Recalled]) -> list[dict[str, Any]]:
    return [{**json.task(each.result, each.step), "at": each.at} for each in found]
