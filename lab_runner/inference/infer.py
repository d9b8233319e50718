"""The commands of a lab's steps, understood one after another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from lab_runner.inference import typed
from lab_runner.inference.effects import Understood, understand
from lab_runner.inference.fold import Fold
from lab_runner.inference.model import Fact, Invocation
from lab_runner.model import Command, Lab, Source, Step


@dataclass(frozen=True, slots=True)
class Left:
    """What a step's commands on one machine leave there; an only machine has no name."""

    machine: str
    commands: tuple[Understood, ...]
    facts: tuple[Fact, ...]

    def origin(self, fact: Fact) -> Understood:
        """Return the last command that has to do with what a fact is about."""
        about = (
            each
            for each in reversed(self.commands)
            if fact.identity in {known.identity for known in each.effects.facts}
        )
        return next(about)


@dataclass(frozen=True, slots=True)
class Inferred:
    """A step, and what its commands leave on each machine that they are for."""

    step: Step
    left: tuple[Left, ...]

    def source(self, each: Understood) -> Source:
        """Return where a command stands: a step may come from several files."""
        row = each.command.line
        begun = [c.source for c in self.step.solution if c.source.line <= row]
        nearest = max(begun, key=lambda source: source.line, default=self.step.source)
        return replace(nearest, line=row, column=1)


def line(text: str) -> list[Understood]:
    """Understand the commands of a text by themselves."""
    (found,) = typed.read([Command(text, "type", Source("", 1))])
    return list(_understood(found, Fold()))


def _understood(commands: Iterable[Invocation], written: Fold) -> Iterator[Understood]:
    """Understand each command by itself and by what those before it have written."""
    for each in commands:
        understood = understand(replace(each, written=written.text))
        written.step([understood])
        yield understood


def infer(lab: Lab) -> Iterator[Inferred]:
    """Yield what each step leaves; shells and facts last from one step to the next."""
    solution = [each for step in lab.steps for each in step.solution]
    names = dict.fromkeys(each.machine for each in solution)
    machines = [_Machine(name, solution) for name in names]
    for step in lab.steps:
        meant = {each.machine for each in step.solution}
        left = (each.left(step.solution) for each in machines if each.name in meant)
        yield Inferred(step, tuple(left))


class _Machine:
    """One machine as the learner's shell and the commands so far have left it."""

    def __init__(self, name: str, solution: Iterable[Command]) -> None:
        self.name = name
        self._typed = typed.read([each for each in solution if each.machine == name])
        self._facts = Fold()
        self._written = Fold()

    def left(self, commands: Iterable[Command]) -> Left:
        own = [each for each in commands if each.machine == self.name]
        found = (each for _ in own for each in next(self._typed))
        understood = tuple(_understood(found, self._written))
        return Left(self.name, understood, self._facts.step(understood))
