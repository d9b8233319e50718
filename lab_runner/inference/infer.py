"""The commands of a lab's steps, understood one after another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lab_runner.inference.effects import Understood, understand
from lab_runner.inference.fold import Fold
from lab_runner.inference.model import Fact
from lab_runner.inference.shell import Shell
from lab_runner.model import Command, Lab, Step


@dataclass(frozen=True, slots=True)
class Inferred:
    """A step of a lab: its commands, and the facts left at its end by machine."""

    step: Step
    commands: tuple[Understood, ...]
    facts: dict[str, tuple[Fact, ...]]


def line(text: str) -> list[Understood]:
    """Understand the commands of a text by themselves."""
    return [understand(each) for each in Shell().read(text)]


def infer(lab: Lab) -> Iterator[Inferred]:
    """Yield what the commands of each step leave; shells and facts last over steps."""
    machines: dict[str, _Machine] = {}
    for step in lab.steps:
        found: list[Understood] = []
        facts: dict[str, tuple[Fact, ...]] = {}
        for name in dict.fromkeys(each.machine for each in step.solution):
            machine = machines.setdefault(name, _Machine())
            understood = machine.read(c for c in step.solution if c.machine == name)
            facts[name] = machine.facts.step(understood)
            found += understood
        yield Inferred(step, tuple(found), facts)


class _Machine:
    """One machine as the learner's shell and the commands so far have left it."""

    def __init__(self) -> None:
        self.shell = Shell()
        self.facts = Fold()

    def read(self, commands: Iterable[Command]) -> list[Understood]:
        return [
            understand(each)
            for command in commands
            for each in self.shell.read(command.text, command.source.line)
        ]
