"""`next check hint solve answer`, through `main`: output, exit code, what is ticked."""

import json

import pytest

import labs
from lab_runner.journal import Journal
from lab_runner.recording import commands
from lab_runner.state import state_folder


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


def test_reset_takes_the_ticks(lab, labrun, report):
    labrun("start", "tiny")
    (lab / "one").touch()
    labrun("next")

    assert labrun("reset")[0] == 0
    assert report("status")[1]["current"] == "make"


def test_an_unknown_machine_names_the_next_command(lab, labrun):
    code, _, err = labrun("start", "tiny", "--on", "nowhere")

    assert code in (2, 3)
    assert "labrun machine up nowhere" in err


def test_a_lab_without_checks_can_be_read_to_its_end(tmp_path, labrun):
    file = tmp_path / "plain.md"
    file.write_text("# Plain\n\n## One\n\ntext\n\n## Two\n\ntext\n")
    labrun("start", str(file))

    codes = [labrun("next")[0] for _ in range(3)]
    out = labrun("status")[1]

    assert codes == [0, 0, 0]
    assert "nothing in them to check" in out


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


MODES = """\
# Modes

## First {{#first}}

```yaml check
- file: {folder}/a
  name: The first file
  mode: hold
  points: 3
- file: {folder}/b
  needs: The first file
- file: {folder}/end
  mode: at-submit
  hidden: true
  points: 2
```

## Second {{#second}}

```yaml check
- file: {folder}/c
  needs: [first, The first file]
```
"""


@pytest.fixture
def modes(tmp_path, labrun):
    labrun("start", str(labs.write(tmp_path, MODES, "modes")))
    return tmp_path / "files"


def statuses(fields):
    return [task["status"] for task in fields["tasks"]]


def test_what_is_needed_comes_first(modes, report):
    (modes / "b").touch()

    code, fields = report("next")

    assert code == 1
    assert statuses(fields) == ["failed", "skipped"]
    assert fields["tasks"][1]["summary"].endswith("`, which does not hold yet")

    (modes / "a").touch()
    assert statuses(report("next")[1]) == ["passed", "passed"]


def test_what_is_only_checked_at_the_end_is_shown_as_such(modes, labrun, report):
    (modes / "a").touch()
    (modes / "b").touch()

    assert "checked at the end: labrun check --all" in labrun("next")[1]
    assert statuses(report("check", "first")[1]) == ["passed", "passed"]
    code, fields = report("check", "--all")

    assert code == 1
    assert statuses(fields) == ["passed", "passed", "failed"]
    assert fields["tasks"][2]["summary"] == ""
    (modes / "end").touch()
    assert report("check", "--all")[1]["points"] == {"earned": 6, "possible": 7}
    (modes / "end").unlink()
    assert report("check", "--all")[1]["points"] == {"earned": 4, "possible": 7}


def test_what_broke_counts_until_it_is_mended(modes, labrun, report):
    for name in "abc":
        (modes / name).touch()
    labrun("next")
    labrun("next")
    (modes / "a").unlink()

    code, fields = report("next")

    assert code == 1
    assert fields["complete"] is False
    assert fields["points"]["earned"] == 2
    (broken,) = fields["broken"]
    assert broken["during"] == ""
    assert broken["at"]
    assert "no longer holds" in labrun("status")[1]
    assert statuses(report("check", "second")[1]) == ["skipped"]
    assert labrun("check", "second")[0] == 1

    (modes / "a").touch()
    assert report("next")[1]["complete"] is True


def test_a_wrong_answer_is_told_what_form_the_right_one_has(asked, labrun, report):
    (asked / "f").write_text("12345678")

    assert "The answer is a number." in labrun("answer", "size", "many")[1]
    assert report("answer", "size", "9")[1]["why"] == (
        "That is a number, but not the one that is asked for."
    )
    assert labrun("answer", "size", "8 bytes")[0] == 0


def recorded(*typed):
    """Write commands as the recorder of `labrun shell` does, a second apart."""
    lines = [
        json.dumps(
            {
                "command": command,
                "exit": 0,
                "directory": "/",
                "start": second,
                "end": second,
                "machine": "local",
                "lab": "holding",
                "step": "on",
            }
        )
        for second, command in enumerate(typed)
    ]
    folder = commands.folder_of(journal_key()).path
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "2026.commands.jsonl").write_text("\n".join(lines) + "\n")


def journal_key():
    journal = Journal(state_folder())
    (event,) = journal.latest(("started",))
    journal.close()
    return event.lab


def test_the_commands_before_something_broke_are_told(tmp_path, labrun, report):
    labrun("start", str(labs.write(tmp_path, labs.HOLDING, "holding")))
    (tmp_path / "files" / "kept").touch()
    labrun("next")
    (tmp_path / "files" / "kept").unlink()
    recorded("touch kept", "labrun next", "ls", "rm kept", "labrun hint", "true", "pwd")

    (broken,) = report("next")[1]["broken"]

    assert broken["during"] == "on"
    assert broken["after"] == ["rm kept", "true", "pwd"]
    assert "during `on`, after `rm kept`, `true`, `pwd`." in labrun("next")[1]


def test_the_containerd_to_ask_can_be_given(tmp_path, monkeypatch, labrun, report):
    checks = "```yaml check\n- containerd: running\n```\n"
    text = labs.TINY.partition("## ")[0] + "## Ask\n\n" + checks
    folder = labs.write(tmp_path, text)
    monkeypatch.setenv("LABRUN_LABS", str(folder.parent))
    labrun("start", "tiny")

    _, found = report("check", "--containerd", "/run/nothing.sock")
    code, _, said = labrun("check", "--containerd", "nothing")

    assert "/run/nothing.sock" in found["tasks"][0]["summary"]
    assert code == 2
    assert "write `/run/containerd/containerd.sock`, or one of" in said
