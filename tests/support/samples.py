"""Small labs and machines that tests of lab_runner are made of."""

from checks.verdict import Status, Verdict
from lab_runner.model import Command, Lab, Question, Source, Step, Task
from lab_runner.result import TaskResult

SOURCE = Source("labs/sample/lab.md", 10, 3)


def task(name, kind="shell", spec=None, **fields):
    return Task(
        id=name,
        title=fields.pop("title", f"Task {name}"),
        kind=kind,
        spec=spec or {"shell": "true"},
        source=SOURCE,
        digest=fields.pop("digest", f"digest of {name}"),
        **fields,
    )


def step(name, *tasks, **fields):
    return Step(
        id=name,
        title=fields.pop("title", f"Step {name}"),
        body=fields.pop("body", f"Do {name}."),
        source=SOURCE,
        tasks=tasks,
        **fields,
    )


def lab(*steps, **fields):
    return Lab(
        id=fields.pop("id", "sample"),
        title=fields.pop("title", "A sample"),
        intro="",
        steps=steps,
        digest="0" * 64,
        source=SOURCE,
        **fields,
    )


def question(name, **fields):
    return Question(
        id=name, ask=f"What is {name}?", source=SOURCE, digest=f"q {name}", **fields
    )


def command(text, role="type", machine=""):
    return Command(text, role, SOURCE, machine)


def result(of, status=Status.PASSED, summary="It is so", **fields):
    return TaskResult(of, Verdict(status, summary, **fields), 0.01)
