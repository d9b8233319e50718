"""Questions: comparing what a learner answered with what is right, by value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checks import matchers
from checks.verdict import Status, Verdict
from checks.words import did_you_mean
from lab_runner import engine, facts, values
from lab_runner.engine import DoorOf
from lab_runner.errors import LabrunError, UsageError
from lab_runner.model import Question, Step, Task
from lab_runner.session import Session


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether an answer is right; `why` is one sentence about one that is not."""

    question: Question
    given: str
    right: bool
    why: str = ""


def find(session: Session, words: list[str]) -> tuple[Step, Question]:
    """Return the question that words begin with, and take its id away from them.

    The id may be left out where the current step has just one open question.
    """
    asked = {q.id: (step, q) for step in session.lab.steps for q in step.questions}
    if words and words[0] in asked:
        return asked[words.pop(0)]
    step = session.step(None)
    questions = [q for q in step.questions if not session.progress.has_answered(q)]
    if not questions:
        raise UsageError(f"step `{step.id}` has no open question", "`labrun next`")
    if words and len(questions) > 1:
        near = did_you_mean(words[0], asked)
        raise UsageError(
            f"this step has {len(questions)} open questions,"
            f" and none of them is `{words[0]}`{near}",
            f"`labrun answer {questions[0].id} YOUR-ANSWER`",
        )
    return step, questions[0]


def judge(session: Session, step: Step, question: Question, given: str) -> Judgement:
    """Compare and record an answer; raises LabrunError when the machine cannot tell."""
    if question.kind:
        judgement = _by_fact(session, question, given)
    else:
        judgement = _by_answer(question, given)
    session.record(
        [
            session.event(
                "answered",
                step.id,
                question.id,
                given=given,
                right=judgement.right,
                question_digest=question.digest,
            )
        ]
    )
    return judgement


def _by_fact(session: Session, question: Question, given: str) -> Judgement:
    verdict = _observe(question, session.door_of)
    if verdict.status is Status.ERROR:
        raise LabrunError(
            f"the answer cannot be known: {verdict.summary}", verdict.hint
        )
    # A fact of what is not as the question means it is no answer: PID 0 of a dead unit.
    fact = facts.find(verdict.facts, question.get)
    if verdict.status is not Status.PASSED or fact is None:
        return Judgement(question, given, right=False, why=verdict.summary)
    return _judged(question, given, fact)


def _by_answer(question: Question, given: str) -> Judgement:
    answer = question.answer
    if isinstance(answer, Mapping):
        text = values.plain(given).casefold()
        right = bool(text) and matchers.parse(answer).accepts(text)
        return Judgement(question, given, right)
    return _judged(question, given, answer)


def _judged(question: Question, given: str, value: Any) -> Judgement:
    right = values.is_same(given, value)
    why = "" if right else values.why_not(given, value)
    return Judgement(question, given, right, why)


def _observe(question: Question, door_of: DoorOf) -> Verdict:
    asking = Task(
        id=question.id,
        title=question.ask,
        kind=question.kind,
        spec=question.fact,
        source=question.source,
        digest=question.digest,
        machine=question.machine,
    )
    return engine.attempt(asking, door_of).verdict


def right(question: Question, door_of: DoorOf) -> str:
    """Return the right answer, asking the machine where it is a fact of it."""
    if not question.kind:
        return matchers.as_text(question.answer)
    verdict = _observe(question, door_of)
    fact = facts.find(verdict.facts, question.get)
    if fact is None:
        raise LabrunError(
            f"the answer to `{question.id}` cannot be known: {verdict.summary}",
            verdict.hint,
        )
    return matchers.as_text(fact[0] if isinstance(fact, list | tuple) else fact)
