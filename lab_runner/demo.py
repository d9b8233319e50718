"""The demonstration: a lab taken from beginning to end by typing what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from checks.doors.terminal import Framed, Terminal
from lab_runner import answers
from lab_runner.errors import LabrunError
from lab_runner.model import Step
from lab_runner.session import Session

SECONDS = 300.0
Typing = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Typed:
    """One command line as typed and what the shell showed for it."""

    command: str
    shown: Framed


def typed_lines(session: Session, step: Step) -> Iterator[str]:
    """Yield what a learner types for a step: its commands, answers, `labrun next`.

    Answers are asked of the machine when their turn comes, after the commands.
    """
    for command in step.solution:
        yield command.text.rstrip()
    for question in step.questions:
        yield f"labrun answer {question.id} '{answers.right(session, question)}'"
    yield "labrun next"


def take(
    session: Session, step: Step, terminal: Terminal, typing: Typing
) -> Iterator[Typed]:
    """Type a step into a shell on the lab's machine, line by line.

    `typing` hears each line before it is typed. Raises LabrunError when the step was
    done as written and is not accepted.
    """
    accepted = False
    for line in typed_lines(session, step):
        typing(line)
        shown = terminal.run(line, SECONDS)
        accepted = shown.exit == 0
        yield Typed(line, shown)
    if not accepted:
        raise LabrunError(
            f"step `{step.id}` was done as written and is not accepted",
            f"`labrun check {step.id} --verbose` says more",
        )
