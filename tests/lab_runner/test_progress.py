from samples import lab, question, step, task

from lab_runner.journal import Event
from lab_runner.progress import fold


def passed(step_id, of, digest=None):
    data = {"task_digest": digest or of.digest}
    return Event("passed", "sample", "d", step_id, of.id, data)


A, B = task("a"), task("b")


def test_the_first_step_that_is_not_complete_is_the_current_one():
    two = lab(step("one", A), step("two", B))

    assert fold([]).current(two).id == "one"
    assert fold([passed("one", A)]).current(two).id == "two"
    assert fold([passed("one", A), passed("two", B)]).current(two) is None


def test_a_tick_is_lost_when_the_check_has_changed():
    changed = task("a", digest="another check")

    progress = fold([passed("one", A)])

    assert progress.has(step("one", A), A)
    assert not progress.has(step("one", changed), changed)


def test_progress_survives_steps_that_change_places():
    progress = fold([passed("two", B)])

    assert progress.current(lab(step("two", B), step("one", A))).id == "one"


def test_a_step_with_nothing_to_check_is_complete_once_it_is_read():
    reading = lab(step("intro"), step("one", A))

    assert fold([]).current(reading).id == "intro"
    assert fold([Event("read", "sample", "d", "intro")]).current(reading).id == "one"


def test_a_question_is_part_of_its_step():
    asked = step("one", A, questions=(question("why"),))
    right = Event(
        "answered",
        "sample",
        "d",
        "one",
        "why",
        {"right": True, "question_digest": "q why"},
    )
    wrong = Event("answered", "sample", "d", "one", "why", {"right": False})

    assert not fold([passed("one", A)]).is_complete(asked)
    assert not fold([passed("one", A), wrong]).is_complete(asked)
    assert fold([passed("one", A), right]).is_complete(asked)


def test_what_is_checked_at_submission_holds_nobody_up():
    late = task("late", mode="at-submit")

    assert fold([passed("one", A)]).is_complete(step("one", A, late))


def test_a_reset_takes_every_tick_and_keeps_where_the_lab_is_taken():
    started = Event("started", "sample", "d", data={"machine": "m", "path": "/p"})
    reset = Event("reset", "sample", "d")

    progress = fold([started, passed("one", A), reset])

    assert progress.ticks == {}
    assert (progress.machine, progress.path, progress.active) == ("m", "/p", True)


def test_what_broke_is_known_until_it_holds_again():
    held = task("held", mode="hold")
    one = step("one", held)
    broke = Event("broken", "sample", "d", "one", "held")

    assert fold([passed("one", held), broke]).is_broken(one, held)
    assert not fold([passed("one", held), broke, passed("one", held)]).is_broken(
        one, held
    )


def test_counts_are_of_tasks_and_questions():
    whole = lab(step("one", A, B, questions=(question("why"),)), step("two"))

    assert fold([passed("one", A)]).counts(whole) == (1, 3)


def test_a_start_that_names_no_path_counts_for_nothing():
    begun = Event("started", "sample", "d", data={"path": "/lab.md", "machine": "m"})

    progress = fold([begun, Event("started", "sample", "d", data={"machine": "n"})])

    assert (progress.path, progress.machine) == ("/lab.md", "m")


def arrived(at, *before, again=()):
    return Event("arrived", "sample", "d", at, data={"before": before, "again": again})


def test_steps_done_for_the_learner_are_behind_them_and_earn_nothing():
    three = lab(step("one", A), step("two", B), step("three", task("c")))

    progress = fold([arrived("three", "one", "two")])

    assert progress.current(three).id == "three"
    assert progress.counts(three) == (0, 3)


def test_going_back_takes_away_what_was_done_after_and_leaves_what_was_earned_before():
    two = lab(step("one", A), step("two", B))

    progress = fold([passed("one", A), passed("two", B), arrived("two", "one")])

    assert progress.is_earned(two.steps[0])
    assert progress.current(two).id == "two"


def test_going_back_asks_the_questions_again_that_lie_ahead():
    asked = step("two", questions=(question("why"),))
    right = Event(
        "answered",
        "sample",
        "d",
        "two",
        "why",
        {"right": True, "question_digest": "q why"},
    )

    assert fold([right, arrived("three", "two")]).is_complete(asked)
    assert not fold([right, arrived("two", again=["why"])]).is_complete(asked)


KEPT = task("kept", mode="hold", points=3)
AT_END = task("end", mode="at-submit", points=2)


def broken(of):
    return Event("broken", "sample", "d", "one", of.id)


def test_points_are_those_of_what_holds():
    one = step("one", KEPT, AT_END, questions=(question("why", points=4),))
    won = [passed("one", KEPT), passed("one", AT_END)]

    assert fold([]).points([one]) == (0, 9)
    assert fold(won).points([one]) == (5, 9)
    assert fold([*won, broken(KEPT)]).points([one]) == (2, 9)
    assert fold([*won, broken(AT_END)]).points([one]) == (3, 9)


def test_a_lab_with_something_broken_is_not_finished_until_it_is_mended():
    kept = lab(step("one", KEPT))
    won = [passed("one", KEPT)]

    assert fold(won).is_finished(kept)
    assert not fold([*won, broken(KEPT)]).is_finished(kept)
    assert fold([*won, broken(KEPT)]).counts(kept) == (0, 1)
    assert fold([*won, broken(KEPT), *won]).is_finished(kept)


def test_what_is_needed_is_a_task_that_holds_or_a_step_that_is_complete():
    one = lab(step("one", KEPT, B))
    half = fold([passed("one", KEPT)])

    assert half.meets(one, "kept")
    assert not half.meets(one, "one")
    assert not half.meets(one, "nothing")
    assert not fold([passed("one", KEPT), broken(KEPT)]).meets(one, "kept")
    assert fold([passed("one", KEPT), passed("one", B)]).meets(one, "one")
