"""Questions: comparing what a learner answered with what is right, by value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checks import matchers
from checks.verdict import Status, Verdict
from checks.words import did_you_mean
from lab_runner import engine
from lab_runner.errors import LabrunError, UsageError
from lab_runner.model import Question, Step, Task
from lab_runner.session import Session


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether an answer is right; `why` says what kept it from being judged."""

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
        judgement = Judgement(question, given, _is_accepted(question.answer, given))
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
    verdict = _observe(session, question)
    if verdict.status is Status.ERROR:
        raise LabrunError(
            f"the answer cannot be known: {verdict.summary}", verdict.hint
        )
    # A fact of what is not as the question means it is no answer: PID 0 of a dead unit.
    if verdict.status is not Status.PASSED or question.get not in verdict.facts:
        return Judgement(question, given, right=False, why=verdict.summary)
    return Judgement(question, given, is_same(given, verdict.facts[question.get]))


def _observe(session: Session, question: Question) -> Verdict:
    asking = Task(
        id=question.id,
        title=question.ask,
        kind=question.kind,
        spec=question.fact,
        source=question.source,
        digest=question.digest,
        machine=question.machine,
    )
    return engine.attempt(asking, session.door_of).verdict


def _is_accepted(answer: Any, given: str) -> bool:
    if not normal(given):
        return False
    if isinstance(answer, Mapping):
        return matchers.parse(answer).accepts(normal(given))
    return is_same(given, answer) or _is_number(given, answer)


def _is_number(given: str, answer: Any) -> bool:
    try:
        return float(normal(given)) == float(normal(matchers.as_text(answer)))
    except ValueError:
        return False


def is_same(given: str, fact: Any) -> bool:
    """Compare an answer with a fact: numbers as numbers, texts without decoration.

    A fact that is a list is met by any one of its entries.
    """
    if isinstance(fact, list | tuple):
        return any(is_same(given, each) for each in fact)
    if isinstance(fact, int | float) and not isinstance(fact, bool):
        return matchers.equals(normal(given)).accepts(fact)
    return bool(normal(given)) and normal(given) == normal(matchers.as_text(fact))


def normal(text: str) -> str:
    """Take away what is decoration in an answer: space, quotes, backticks, case."""
    return " ".join(text.split()).strip("`'\"").strip().casefold()


def right(session: Session, question: Question) -> str:
    """Return the right answer, asking the machine where it is a fact of it."""
    if not question.kind:
        return matchers.as_text(question.answer)
    verdict = _observe(session, question)
    if question.get not in verdict.facts:
        raise LabrunError(
            f"the answer to `{question.id}` cannot be known: {verdict.summary}",
            verdict.hint,
        )
    fact = verdict.facts[question.get]
    return matchers.as_text(fact[0] if isinstance(fact, list | tuple) else fact)
