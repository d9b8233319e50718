"""The learner's other commands, through `main`: output, exit code, what is kept."""

import os
import sqlite3
from contextlib import closing

import pytest

import labs


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


def test_two_labs_started_are_told_apart(tmp_path, labrun, report):
    for name in ("a", "b"):
        labs.write(tmp_path, labs.TINY, name)
        labrun("start", str(tmp_path / "labs" / name))

    assert report("status")[1]["lab"] == "b"
    assert report("status", "--lab", "a")[1]["lab"] == "a"


def test_start_names_the_labs_that_come_before(tmp_path, labrun, report, monkeypatch):
    monkeypatch.setenv("LABRUN_LABS", str(tmp_path / "labs"))
    labs.write(tmp_path, "# First\n\n## Read\n\nprose\n", "first")
    text = "---\nrequires: [first, elsewhere]\n---\n" + labs.HOLDING
    labs.write(tmp_path, text, "second")

    assert "It builds on `first`, `elsewhere`" in labrun("start", "second")[1]

    labrun("start", "first")
    labrun("next")
    assert report("start", "second")[1]["unmet"] == ["elsewhere"]


def test_a_lab_of_one_machine_has_no_shell_of_another(lab, labrun):
    labrun("start", "tiny")

    code, _, err = labrun("shell", "server")

    assert code == 2
    assert "lab `tiny` has no machine `server`" in err


def test_stop_says_how_to_go_on_with_a_lab_that_lies_elsewhere(tmp_path, labrun):
    path = str(labs.write(tmp_path, labs.HOLDING, "holding"))
    labrun("start", path)

    assert f"`labrun start {path}` goes on with it" in labrun("stop")[1]


def test_the_labs_of_another_folder_are_listed_by_the_paths_that_start_them(
    tmp_path, labrun
):
    for name in ("one", "two"):
        (tmp_path / f"{name}.md").write_text("# A text\n\n```bash\ntouch /srv/a\n```\n")

    code, out, _ = labrun("list", str(tmp_path))

    assert code == 0
    assert f"{tmp_path / 'one.md'}" in out
    assert f"{tmp_path / 'two.md'}" in out
