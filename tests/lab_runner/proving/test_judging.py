from samples import lab, result, step, task

from checks.verdict import Status
from lab_runner.proving.judging import judge
from lab_runner.proving.walk import Taken

DONE = task("s/done")
STEP = step("s", DONE)
HELD = {DONE.id: result(DONE)}
MISSED = {DONE.id: result(DONE, Status.FAILED, "It is not so")}


def verdicts(*walks):
    return [proof.verdict for proof in judge(lab(STEP), [[walk] for walk in walks])]


def test_a_step_that_fails_before_and_passes_after_is_sound():
    assert verdicts(Taken(STEP, MISSED, MISSED, HELD)) == ["sound"]


def test_a_task_that_holds_on_a_fresh_machine_is_vacuous():
    assert verdicts(Taken(STEP, HELD, HELD, HELD)) == ["vacuous"]


def test_a_step_whose_tasks_all_hold_before_it_is_vacuous():
    assert verdicts(Taken(STEP, MISSED, HELD, HELD)) == ["vacuous"]


def test_a_task_that_fails_after_its_step_is_unreachable():
    assert verdicts(Taken(STEP, MISSED, MISSED, MISSED)) == ["unreachable"]


def test_walks_that_differ_make_a_step_flaky():
    sound, missed = (Taken(STEP, MISSED, MISSED, each) for each in (HELD, MISSED))
    assert verdicts(sound, missed) == ["flaky"]


def test_a_step_that_no_walk_came_to_is_unknown():
    assert [proof.verdict for proof in judge(lab(STEP), [[]])] == ["unknown"]
