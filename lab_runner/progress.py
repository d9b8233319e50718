"""Progress: what a learner's events say of a lab as it is now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from lab_runner.journal import Event, EventKind
from lab_runner.model import Lab, Question, Step, Task

KINDS: tuple[EventKind, ...] = (
    "started",
    "stopped",
    "shown",
    "setup",
    "passed",
    "broken",
    "read",
    "hint",
    "answered",
    "arrived",
    "reset",
)


@dataclass(slots=True)
class Progress:
    """What has been reached. A tick counts for the task as written when it was won.

    `trusted` says that the learner lets a lab of another system run its scripts outside
    of lab machines. `given` are steps that were done for the learner, by `labrun goto`: they are behind
    them and earn nothing.
    """

    machine: str = "local"
    path: str = ""
    active: bool = False
    trusted: bool = False
    ticks: dict[tuple[str, str], Event] = field(default_factory=dict)
    broken: dict[tuple[str, str], Event] = field(default_factory=dict)
    right: dict[str, str] = field(default_factory=dict)
    hints: dict[str, int] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)
    prepared: set[str] = field(default_factory=set)
    given: set[str] = field(default_factory=set)

    def has(self, step: Step, task: Task) -> bool:
        """Tell whether this task, with this very check, has been ticked."""
        tick = self.ticks.get((step.id, task.id))
        return tick is not None and tick.data.get("task_digest") == task.digest

    def is_broken(self, step: Step, task: Task) -> bool:
        """Tell whether a task held and no longer does; what latched cannot break."""
        return task.mode != "latch" and (step.id, task.id) in self.broken

    def holds(self, step: Step, task: Task) -> bool:
        """Tell whether a task is done: ticked, and not seen to be broken since."""
        return self.has(step, task) and not self.is_broken(step, task)

    def has_answered(self, question: Question) -> bool:
        return self.right.get(question.id) == question.digest

    def is_complete(self, step: Step) -> bool:
        """Tell whether nothing is left to do in a step.

        A step with nothing to check is complete once the learner has moved past it.
        """
        return step.id in self.given or self.is_earned(step)

    def is_earned(self, step: Step) -> bool:
        """Tell whether the learner has done all of a step."""
        tasks = due(step)
        if not tasks and not step.questions:
            return step.id in self.read
        return all(self.has(step, task) for task in tasks) and all(
            self.has_answered(question) for question in step.questions
        )

    def steps_of(self, kind: EventKind) -> set[str]:
        """Return the ids of steps that were shown, set up or read."""
        return {"shown": self.shown, "setup": self.prepared, "read": self.read}[kind]

    def current(self, lab: Lab) -> Step | None:
        """Return the first step that is not complete; None at the end of the lab."""
        return next((step for step in lab.steps if not self.is_complete(step)), None)

    def counts(self, lab: Lab) -> tuple[int, int]:
        """Return how many tasks and questions are done, and how many there are."""
        done = [self.holds(step, task) for step in lab.steps for task in due(step)]
        done += [self.has_answered(q) for step in lab.steps for q in step.questions]
        return sum(done), len(done)

    def points(self, steps: Iterable[Step]) -> tuple[int, int]:
        """Return the points that were earned in some steps, and those there are.

        Tasks that are only checked at the end count among them.
        """
        tasks = [(self.holds(s, task), task.points) for s in steps for task in s.tasks]
        asked = [q for s in steps for q in s.questions]
        worth = tasks + [(self.has_answered(q), q.points) for q in asked]
        return sum(n for done, n in worth if done), sum(n for _, n in worth)

    def broken_now(self, lab: Lab) -> list[tuple[Step, Task, Event]]:
        """Return what had to stay true and was seen broken, as the lab is now."""
        return [
            (step, task, self.broken[step.id, task.id])
            for step in lab.steps
            for task in step.tasks
            if task.mode == "hold" and self.has(step, task)
            if self.is_broken(step, task)
        ]

    def is_finished(self, lab: Lab) -> bool:
        """Tell whether every step is complete and nothing of it is broken."""
        return self.current(lab) is None and not self.broken_now(lab)

    def meets(self, lab: Lab, need: str) -> bool:
        """Tell whether a task or step that another needs is done, by its id."""
        for step in lab.steps:
            if step.id == need:
                return self.is_complete(step)
            for task in step.tasks:
                if task.id == need:
                    return self.holds(step, task)
        return False


def due(step: Step) -> list[Task]:
    """Return the tasks that stand between a learner and the next step."""
    return [task for task in step.tasks if task.mode != "at-submit"]


def started_from(event: Event) -> str:
    """Return the path of the lab that was started; empty when the event names none."""
    path = event.data.get("path")
    return path if isinstance(path, str) else ""


def fold(events: Iterable[Event]) -> Progress:
    """Replay a lab's events, oldest first."""
    progress = Progress()
    for event in events:
        progress = _after(progress, event)
    return progress


def _after(progress: Progress, event: Event) -> Progress:
    key = (event.step, event.task)
    match event.kind:
        case "started":
            _begin(progress, event)
        case "stopped":
            progress.active = False
        case "shown" | "setup" | "read":
            progress.steps_of(event.kind).add(event.step)
        case "passed":
            progress.ticks[key] = event
            progress.broken.pop(key, None)
        case "broken":
            progress.broken[key] = event
        case "hint":
            progress.hints[event.step] = progress.hints.get(event.step, 0) + 1
        case "answered" if event.data.get("right"):
            progress.right[event.task] = event.data.get("question_digest", "")
        case "arrived":
            _arrive(progress, event)
        case "reset":
            return Progress(
                progress.machine, progress.path, progress.active, progress.trusted
            )
    return progress


def _begin(progress: Progress, event: Event) -> None:
    if path := started_from(event):
        progress.machine = str(event.data.get("machine", "local"))
        progress.path = path
        progress.active = True
        progress.trusted |= event.data.get("trusted") is True


def _arrive(progress: Progress, event: Event) -> None:
    """Take the machine for one on which just the steps `before` have been done."""
    before = set(event.data.get("before", ()))
    again = set(event.data.get("again", ()))
    progress.given = before
    progress.ticks = {k: tick for k, tick in progress.ticks.items() if k[0] in before}
    progress.right = {q: d for q, d in progress.right.items() if q not in again}
    progress.broken = {}
    progress.read &= before
    progress.shown &= before
    progress.prepared = set(event.data.get("prepared", ()))
