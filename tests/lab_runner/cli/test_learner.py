"""The learner's commands, through `main`: output, exit code and what is remembered."""

import json
import os
import sqlite3
from contextlib import closing

import pytest

import labs
from lab_runner.cli.main import main


@pytest.fixture
def lab(tmp_path, monkeypatch):
    folder = labs.write(tmp_path, labs.TINY)
    monkeypatch.setenv("LABRUN_LABS", str(folder.parent))
    return tmp_path / "files"


@pytest.fixture
def labrun(capsys):
    def run(*argv):
        code = main(argv)
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run


@pytest.fixture
def report(labrun):
    def run(*argv):
        code, out, _ = labrun(*argv, "--json")
        return code, json.loads(out)

    return run


def test_the_list_shows_title_and_length(lab, labrun):
    code, out, _ = labrun("list")

    assert code == 0
    assert "tiny" in out
    assert "A tiny lab" in out
    assert "2 min" in out


def test_the_list_writes_nothing(lab, labrun, tmp_path):
    assert labrun("list")[0] == 0
    assert not (tmp_path / "state").exists()


def test_the_list_needs_no_place_for_progress(lab, labrun, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("LABRUN_STATE_DIR", str(tmp_path / "file" / "state"))

    code, out, _ = labrun("list")

    assert code == 0
    assert "A tiny lab" in out


def test_a_damaged_journal_is_not_blamed_on_the_labs(lab, labrun, tmp_path):
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "journal.sqlite").write_bytes(b"no database" * 100)

    code, out, err = labrun("list")

    assert code == 3
    assert "broken" not in out
    assert "damaged" in err


def test_a_broken_lab_does_not_hide_the_others(lab, labrun, report):
    broken = lab.parent / "labs" / "broken"
    broken.mkdir()
    (broken / "lab.md").write_text("# No steps\n")

    code, out, _ = labrun("list")
    _, listed = report("list")

    assert code == 0
    assert "A tiny lab" in out
    assert "broken: `labrun start broken`" in out
    first, second = listed["labs"]
    assert (first["id"], second["id"]) == ("broken", "tiny")
    assert [problem["line"] for problem in first["problems"]] == [1]
    assert "this lab has no steps" in first["error"]["message"]


def test_what_is_no_file_is_a_broken_lab_in_the_list(lab, report):
    (lab.parent / "labs" / "pipe").mkdir()
    os.mkfifo(lab.parent / "labs" / "pipe" / "lab.md")

    code, listed = report("list")

    assert code == 0
    pipe = listed["labs"][0]
    assert pipe["problems"] == []
    assert "is not a file" in pipe["error"]["message"]


def test_start_shows_the_introduction_and_the_first_step(lab, labrun):
    code, out, _ = labrun("start", "tiny")

    assert code == 0
    assert "Welcome." in out
    assert "Step 1 of 3  Make a file" in out
    assert f"touch {lab}/one" in out
    assert "labrun next" in out


def test_start_takes_a_path(lab, labrun):
    code, out, _ = labrun("start", str(lab.parent / "labs" / "tiny" / "lab.md"))

    assert code == 0
    assert "A tiny lab" in out


def test_a_file_whose_name_is_not_utf8_is_a_lab_too(tmp_path, labrun):
    path = tmp_path / os.fsdecode(b"caf\xe9.md")
    path.write_text("# Coffee\n\n## Cook\n\nSlowly.\n")

    assert labrun("start", str(path))[0] == 0
    assert "Cook" in labrun("show")[1]


def test_next_says_what_is_missing_and_stays(lab, labrun):
    labrun("start", "tiny")

    code, out, _ = labrun("next")

    assert code == 1
    assert "✘" in out
    assert f"`{lab}/one`" in out
    assert "Step 2" not in out


def test_next_ticks_and_shows_the_next_step(lab, labrun):
    labrun("start", "tiny")
    (lab / "one").touch()

    code, out, _ = labrun("next")

    assert code == 0
    assert "✔" in out
    assert "Step 2 of 3  Read about it" in out


def test_a_step_with_nothing_to_check_is_read_and_not_passed(lab, labrun, report):
    labrun("start", "tiny")
    (lab / "one").touch()
    labrun("next")

    code, out, _ = labrun("next")
    _, status = report("status")

    assert code == 0
    assert "Nothing in this step is checked" in out
    assert "Step 3 of 3" in out
    assert status["done"] == 1


def test_checking_a_step_with_nothing_to_check_is_no_pass(lab, labrun):
    labrun("start", "tiny")

    code, _, err = labrun("check", "about")

    assert code == 3
    assert "nothing to check" in err


def finish(lab, labrun):
    labrun("start", "tiny")
    (lab / "one").touch()
    labrun("next")
    labrun("next")
    (lab / "two").write_text("12345\n")


def test_a_step_waits_for_its_question(lab, labrun):
    finish(lab, labrun)

    code, out, _ = labrun("next")

    assert code == 1
    assert "labrun answer size" in out


def test_a_right_answer_is_a_fact_of_the_machine(lab, labrun):
    finish(lab, labrun)

    assert labrun("answer", "7")[0] == 1
    assert labrun("answer", "size", "`6`")[0] == 0
    code, out, _ = labrun("next")

    assert code == 0
    assert "You have completed `tiny`." in out
    assert "100 %" in out


def test_a_completed_lab_says_so_again(lab, labrun, report):
    finish(lab, labrun)
    labrun("answer", "6")
    labrun("next")

    code, fields = report("next")

    assert code == 0
    assert fields["complete"] is True
    assert (fields["done"], fields["total"]) == (4, 4)


def test_check_all_sees_what_broke(lab, labrun, report):
    finish(lab, labrun)
    labrun("answer", "6")
    labrun("next")
    (lab / "one").unlink()

    code, fields = report("check", "--all")

    assert code == 1
    statuses = {task["id"]: task["status"] for task in fields["tasks"]}
    assert sorted(statuses.values()) == ["failed", "passed", "passed"]


def test_a_tick_stays_although_the_file_is_gone(lab, labrun, report):
    labrun("start", "tiny")
    (lab / "one").touch()
    labrun("next")
    (lab / "one").unlink()

    _, status = report("status")

    assert status["current"] == "about"


def test_hints_come_one_at_a_time(lab, labrun):
    labrun("start", "tiny")

    assert "Try `touch`." in labrun("hint")[1]
    assert "`labrun solve`" in labrun("hint")[1]


def test_the_authors_hint_is_what_to_try(lab, labrun, report):
    labrun("start", "tiny")

    assert "Try: Look at the command once more." in labrun("check", "another")[1]
    hints = [task["hint"] for task in report("check", "another")[1]["tasks"]]
    assert hints[0] == "Look at the command once more."


def test_solve_shows_the_commands(lab, labrun):
    labrun("start", "tiny")

    assert f"touch {lab}/one" in labrun("solve")[1]


def test_show_takes_a_number_or_an_id(lab, labrun):
    labrun("start", "tiny")

    assert "Step 3 of 3" in labrun("show", "3")[1]
    assert "Step 2 of 3" in labrun("show", "about")[1]
    assert labrun("show", "nowhere")[0] == 2


def test_the_learners_own_word_is_the_same_every_time(lab, labrun):
    labrun("start", "tiny")

    first, second = labrun("solve", "3")[1], labrun("solve", "3")[1]

    assert first == second
    assert "{{" not in first


def test_reset_takes_the_ticks(lab, labrun, report):
    labrun("start", "tiny")
    (lab / "one").touch()
    labrun("next")

    assert labrun("reset")[0] == 0
    assert report("status")[1]["current"] == "make"


def test_stop_leaves_the_lab_and_start_goes_on(lab, labrun, report):
    labrun("start", "tiny")
    (lab / "one").touch()
    labrun("next")

    assert labrun("stop")[0] == 0
    assert labrun("next")[0] == 2
    labrun("start", "tiny")

    assert report("status")[1]["current"] == "about"


def test_without_a_lab_the_advice_is_the_list(labrun):
    code, _, err = labrun("next")

    assert code == 2
    assert "no lab has been started" in err
    assert "labrun list" in err


@pytest.mark.parametrize("data", ["[]", "{}", "null", '{"path": 5}', '{"path": ""}'])
def test_a_start_that_names_no_path_is_none(lab, labrun, tmp_path, data):
    labrun("start", "tiny")
    with closing(sqlite3.connect(tmp_path / "state" / "journal.sqlite")) as database:
        database.execute(
            "INSERT INTO event (at, kind, lab, digest, step, task, data)"
            " VALUES ('', 'started', 'tiny', '', '', '', ?)",
            (data,),
        )
        database.commit()

    code, _, err = labrun("next")

    assert code == 2
    assert "no lab has been started" in err
    assert labrun("list")[0] == 0
    assert labrun("start", "tiny")[0] == 0


def test_an_unknown_lab_says_did_you_mean(lab, labrun):
    code, _, err = labrun("start", "tinny")

    assert code == 2
    assert "did you mean `tiny`?" in err


def test_an_unknown_machine_names_the_next_command(lab, labrun):
    code, _, err = labrun("start", "tiny", "--on", "nowhere")

    assert code in (2, 3)
    assert "labrun machine up nowhere" in err


def test_an_unknown_command_says_did_you_mean(labrun):
    code, _, err = labrun("nxt")

    assert code == 2
    assert "did you mean `next`?" in err


def test_a_broken_lab_shows_every_problem_and_exits_4(tmp_path, labrun):
    file = tmp_path / "broken.md"
    file.write_text(
        "# T\n\n## A\n\n```yaml check\n- fil: /x\n- file: /x\n  moed: 1\n```\n"
    )

    code, _, err = labrun("start", str(file))

    assert code == 4
    assert "did you mean `file`?" in err
    assert "broken.md:6:" in err
    assert "broken.md:8:" in err


def test_errors_are_json_too(tmp_path, report):
    file = tmp_path / "broken.md"
    file.write_text("# T\n\n## A\n\n```yaml check\n- fil: /x\n```\n")

    code, fields = report("start", str(file))

    assert code == 4
    assert fields["problems"][0]["line"] == 6


def test_a_lab_file_that_went_away_is_one_sentence(lab, labrun):
    labrun("start", "tiny")
    (lab.parent / "labs" / "tiny" / "lab.md").unlink()

    code, _, err = labrun("next")

    assert code in (2, 3, 4)
    assert "Traceback" not in err


def test_a_lab_without_checks_can_be_read_to_its_end(tmp_path, labrun):
    file = tmp_path / "plain.md"
    file.write_text("# Plain\n\n## One\n\ntext\n\n## Two\n\ntext\n")
    labrun("start", str(file))

    codes = [labrun("next")[0] for _ in range(3)]
    out = labrun("status")[1]

    assert codes == [0, 0, 0]
    assert "nothing in them to check" in out


def test_two_labs_started_are_told_apart(tmp_path, labrun, report):
    for name in ("a", "b"):
        labs.write(tmp_path, labs.TINY, name)
        labrun("start", str(tmp_path / "labs" / name))

    assert report("status")[1]["lab"] == "b"
    assert report("status", "--lab", "a")[1]["lab"] == "a"


def test_what_must_hold_is_watched_and_its_breaking_is_told(tmp_path, labrun, report):
    labrun("start", str(labs.write(tmp_path, labs.HOLDING, "holding")))
    (tmp_path / "files" / "kept").touch()
    labrun("next")
    (tmp_path / "files" / "kept").unlink()
    (tmp_path / "files" / "other").touch()

    code, out, _ = labrun("next")

    assert code == 1
    assert "No longer holds" in out
    assert "during `on`" in out

    (tmp_path / "files" / "kept").touch()
    assert labrun("next")[0] == 0
    assert report("status")[1]["complete"] is True


def test_no_step_is_passed_over_unseen(tmp_path, labrun):
    text = labs.HOLDING + "\n## Read {{#read}}\n\nprose\n\n## Last {{#last}}\n"
    labrun("start", str(labs.write(tmp_path, text, "holding")))
    (tmp_path / "files" / "kept").touch()
    labrun("next")
    (tmp_path / "files" / "kept").unlink()
    (tmp_path / "files" / "other").touch()
    labrun("next")
    (tmp_path / "files" / "kept").touch()

    code, out, _ = labrun("next")

    assert code == 0
    assert "Step 3 of 4  Read" in out
    assert "Last" not in out


def test_checking_a_step_does_not_hide_the_one_after_it(lab, labrun):
    labrun("start", "tiny")
    (lab / "one").touch()
    labrun("check")

    assert "Step 2 of 3  Read about it" in labrun("next")[1]
    assert "Nothing in this step is checked" in labrun("next")[1]


TWO_QUESTIONS = """\
# Questions

## Ask {{#ask}}

```yaml question
id: digest
ask: Which?
answer: 42
```

```yaml question
id: size
ask: How many bytes has it?
fact: {{file: "{folder}/f", type: file}}
get: size
```
"""


@pytest.fixture
def asked(tmp_path, labrun):
    labrun("start", str(labs.write(tmp_path, TWO_QUESTIONS, "questions")))
    return tmp_path / "files"


def test_a_misspelt_question_is_not_taken_for_an_answer(asked, labrun):
    code, _, err = labrun("answer", "digst", "42")

    assert code == 2
    assert "did you mean `digest`?" in err


@pytest.mark.parametrize(
    ("given", "code"), [("42.0", 0), ("42", 0), ("43", 1), ("", 1)]
)
def test_an_answer_is_compared_by_value(asked, labrun, given, code):
    assert labrun("answer", "digest", given)[0] == code


def test_a_fact_of_what_is_not_there_is_no_answer(asked, labrun):
    code, out, _ = labrun("answer", "size", "0")

    assert code == 1
    assert "does not exist" in out
