"""Plain tutorials, without one check, taken on lab machines with inferred checks only."""

import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from checks.doors.machine import Local
from checks.doors.terminal import Terminal
from checks.verdict import Status
from lab_runner import engine, loading, session, taking
from lab_runner.inference.infer import infer
from lab_runner.journal import Journal
from lab_runner.state import state_folder

LABRUN = Path(sys.executable).parent / "labrun"
TUTORIALS = Path(__file__).parent.parent / "fixtures/tutorials"
SECONDS = 120.0

tutorials = pytest.mark.parametrize(
    "path", sorted(TUTORIALS.glob("*.md")), ids=lambda path: path.stem
)


@tutorials
def test_a_task_notices_each_command_that_changes_something(path):
    known, unnoticed = set(), []
    for inferred in infer(loading.read(path, b"").lab):
        (left,) = inferred.left
        known |= {fact.identity for fact in left.facts}
        unnoticed += [
            each.command.text
            for each in left.commands
            if each.effects.kind != "look"
            and not known & {fact.identity for fact in each.effects.facts}
        ]

    # Which units systemd has read is nothing that a check could ask.
    assert [each for each in unnoticed if each != "systemctl daemon-reload"] == []


@pytest.mark.real
@tutorials
def test_every_task_fails_before_its_step_and_passes_after_it(path, lab_machine):
    name, _ = lab_machine()
    with (
        closing(Journal(state_folder())) as journal,
        closing(session.start(journal, str(path), name)) as taken,
        closing(
            Terminal(lambda: Local().spawn([LABRUN, "shell"]), (200, 120))
        ) as shell,
    ):
        for step in taken.lab.steps:
            # What a step makes and takes away again is not there before either.
            new = [each for each in step.tasks if each.spec.get("exists", True)]
            at_once = [replace(task, within=0.0) for task in new or step.tasks]
            before = engine.run(at_once, taken.doors_at(step))
            shown = [shell.run(each.text, SECONDS).output for each in step.solution]
            advance = taking.advance(taken)

            assert step.tasks
            assert not any(map(passes, before)), told(before)
            assert advance.moved, "\n".join([told(advance.results), *shown])

        assert taken.progress.current(taken.lab) is None


def passes(result):
    return result.verdict.status is Status.PASSED


def told(results):
    return "\n".join(f"{each.task.id}: {each.verdict.summary}" for each in results)
