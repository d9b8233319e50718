"""Labs as data: what a file of any format becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Mode = Literal["latch", "hold", "at-submit"]
Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Source:
    """A place in a lab file; line and column count from 1."""

    path: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a lab file: what it is, and what to write instead."""

    source: Source
    message: str
    advice: str
    severity: Severity = "error"
    rule: str = "syntax"

    def __str__(self) -> str:
        stop = "" if self.message.endswith("?") else "."
        return f"{self.source}: {self.severity}: {self.message}{stop} {self.advice}."


@dataclass(frozen=True, slots=True)
class Command:
    """A fence of shell text and what it is for.

    `role` is `type` (the learner types it), `setup` or `solution`. `machine` names one
    of several machines of a lab; empty is the first.
    """

    text: str
    role: Literal["type", "setup", "solution"]
    source: Source
    machine: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to achieve, one tick; `check` is the entry of the check list as written.

    `spec` holds the kind's own keys, subject first; seconds are in `within` and
    `timeout`; `digest` changes with everything that decides the verdict. `machine` is
    where to look, as with Command. `needs` are ids of tasks and steps that must hold
    before this one is looked at.
    """

    id: str
    title: str
    kind: str
    spec: Mapping[str, Any]
    source: Source
    digest: str
    mode: Mode = "latch"
    within: float = 0.0
    timeout: float = 10.0
    points: int = 1
    hint: str = ""
    hidden: bool = False
    origin: Literal["authored", "inferred", "tried"] = "authored"
    machine: str = ""
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """Something to answer; right is `answer`, or the fact that a check observes.

    `answer` is a matcher as written in YAML. `fact` is the kind's keys as in a check;
    `get` names the fact of its verdict that is the right answer.
    """

    id: str
    ask: str
    source: Source
    digest: str
    answer: Any = None
    kind: str = ""
    fact: Mapping[str, Any] = field(default_factory=dict)
    get: str = ""
    points: int = 1
    machine: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A section of the Markdown; `body` is what the learner reads, as Markdown."""

    id: str
    title: str
    body: str
    source: Source
    commands: tuple[Command, ...] = ()
    tasks: tuple[Task, ...] = ()
    questions: tuple[Question, ...] = ()
    hints: tuple[str, ...] = ()

    @property
    def solution(self) -> tuple[Command, ...]:
        """The reference answer: the solution fences, else the commands to type."""
        given = tuple(c for c in self.commands if c.role == "solution")
        return given or tuple(c for c in self.commands if c.role == "type")

    @property
    def setup(self) -> tuple[Command, ...]:
        return tuple(c for c in self.commands if c.role == "setup")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a machine may take of its host, in bytes, processes and processors.

    None is what labrun gives a machine that asks for nothing.
    """

    memory: int | None = None
    processes: int | None = None
    cpus: float | None = None
    disk: int | None = None


@dataclass(frozen=True, slots=True)
class MachineFile:
    """A file that a machine has from the start; `content` is its text.

    `source` is the file in the lab's folder that it was read from, if any.
    """

    path: str
    content: str
    mode: int = 0o644
    source: str = ""


@dataclass(frozen=True, slots=True)
class MachineSpec:
    """The lab machine that a lab asks for.

    `registry` are images that the mirror must have; an `isolated` machine reaches the
    mirror and nothing else.
    """

    image: str = "debian-12"
    packages: tuple[str, ...] = ()
    files: tuple[MachineFile, ...] = ()
    registry: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    isolated: bool = False

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> MachineSpec:
        """Return the specification that was written down as JSON by `asdict`."""
        return cls(
            image=found["image"],
            packages=tuple(found["packages"]),
            files=tuple(MachineFile(**each) for each in found["files"]),
            registry=tuple(found["registry"]),
            limits=Limits(**found["limits"]),
            isolated=found["isolated"],
        )


@dataclass(frozen=True, slots=True)
class Lab:
    """A lab; `digest` is the SHA-256 of the file and of those its machines get.

    `machines` are the machines of a lab that needs several, by the name that tasks and
    commands use; they share a network. A lab for one machine has none. From `deadline`
    (UTC, ISO 8601) on, hidden tasks tell why they do not hold; without one, never.
    `made_for` is the environment of another system that a lab was written for: such a
    lab runs nothing on the local machine unless it is trusted.
    """

    id: str
    title: str
    intro: str
    steps: tuple[Step, ...]
    digest: str
    source: Source
    summary: str = ""
    minutes: int | None = None
    level: str = ""
    requires: tuple[str, ...] = ()
    deadline: str = ""
    made_for: str = ""
    machine: MachineSpec = field(default_factory=MachineSpec)
    machines: Mapping[str, MachineSpec] = field(default_factory=dict)
    vars: Mapping[str, str] = field(default_factory=dict)

    @property
    def assets(self) -> Mapping[str, str]:
        """Return the text of each file of the lab's folder that its machines get."""
        specs = (self.machine, *self.machines.values())
        files = (file for spec in specs for file in spec.files)
        return {file.source: file.content for file in files if file.source}

    def step(self, step_id: str) -> Step:
        """Return the step with this id; raises KeyError."""
        for step in self.steps:
            if step.id == step_id:
                return step
        raise KeyError(step_id)
