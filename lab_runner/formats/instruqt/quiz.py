"""Quizzes: answers to choose from, as a question that takes their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lab_runner.formats.draft import Draft, quoted
from lab_runner.formats.foreign.documents import Document
from lab_runner.formats.foreign.notes import Notes
from lab_runner.formats.foreign.values import listed

ONE = "Which of these is right? Answer with its number."
SEVERAL = "Which of these are right? Answer with their numbers, such as `1, 2`."


def write(challenge: Document, draft: Draft, notes: Notes) -> None:
    """Write the answers as a list, and the question; without a solution only the list."""
    options = [str(each) for each in listed(challenge.values.get("answers"))]
    source = challenge.source("answers:")
    shown = [f"{n}. {' '.join(each.split())}" for n, each in enumerate(options, 1)]
    draft.paragraph((line, source) for line in shown)
    right = _right(challenge.values, len(options))
    if not right:
        message = "this quiz does not say which of its answers are right"
        notes.add("dropped", source, message, "Name one of them in `solution:`")
        return
    answers = _numbers(right)
    if len(right) == 1:
        answers.append(options[right[0] - 1])
    lines = [
        f"ask: {quoted(ONE if len(right) == 1 else SEVERAL)}",
        f"answer: {{one_of: [{', '.join(map(quoted, answers))}]}}",
    ]
    draft.fence("yaml question", "\n".join(lines), challenge.source("solution:"))


def _right(values: Mapping[str, Any], count: int) -> Sequence[int]:
    """Return the numbers of the right answers, which the file counts from 0."""
    found = listed(values.get("solution"))
    if not all(isinstance(each, int) and 0 <= each < count for each in found):
        return ()
    return sorted({each + 1 for each in found})


def _numbers(right: Sequence[int]) -> list[str]:
    """Return the ways to write some numbers."""
    words = [str(each) for each in right]
    return list(dict.fromkeys(mark.join(words) for mark in (", ", ",", " ")))
