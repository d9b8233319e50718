"""The demonstration: a lab taken from beginning to end by typing what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from checks.doors.terminal import Framed, Terminal
from lab_runner import answers
from lab_runner.errors import LabrunError
from lab_runner.model import Step
from lab_runner.session import Session

SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Line:
    """What is typed, and on which of the lab's machines; empty is the first."""

    text: str
    machine: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """A line as typed and what the shell showed for it."""

    line: Line
    shown: Framed


Typing = Callable[[Line], None]


def typed_lines(session: Session, step: Step) -> Iterator[Line]:
    """Yield what a learner types for a step: its commands, answers, `labrun next`.

    Answers are asked of the machine when their turn comes, after the commands.
    """
    for command in step.solution:
        yield Line(command.text.rstrip(), command.machine)
    for question in step.questions:
        answer = answers.right(question, session.door_of)
        yield Line(f"labrun answer {question.id} '{answer}'")
    yield Line("labrun next")


def take(
    session: Session, step: Step, shells: Mapping[str, Terminal], typing: Typing
) -> Iterator[Typed]:
    """Type a step into the shells of the lab's machines, line by line.

    `typing` hears each line before it is typed. Raises LabrunError when the step was
    done as written and is not accepted.
    """
    accepted = False
    for line in typed_lines(session, step):
        typing(line)
        shown = shells[line.machine].run(line.text, SECONDS)
        accepted = shown.exit == 0
        yield Typed(line, shown)
    if not accepted:
        raise LabrunError(
            f"step `{step.id}` was done as written and is not accepted",
            f"`labrun check {step.id} --verbose` says more",
        )
