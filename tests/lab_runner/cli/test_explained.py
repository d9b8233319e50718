"""`labrun status --explain`: the last verdicts again, without asking the machine."""

import pytest

import labs

LAB = """\
# A lab

## First {{#first}}

```yaml check
- file: {folder}/a
  hint: Make it.
- file: {folder}/b
- file: {folder}/secret
  hidden: true
```
"""


@pytest.fixture
def folder(tmp_path, labrun):
    labrun("start", str(labs.write(tmp_path, LAB, "explained")))
    return tmp_path / "files"


def test_what_failed_is_told_again_as_it_was_seen(folder, labrun, report):
    (folder / "b").touch()
    _, checked = report("next")
    (folder / "a").touch()

    code, out, _ = labrun("status", "--explain")
    _, again = report("status", "--explain")

    assert code == 0
    assert f"`{folder}/a` does not exist" in out
    assert "Try: Make it." in out
    first, _, hidden = checked["tasks"]
    assert [{**each, "at": ""} for each in again["explained"]] == [
        {**first, "at": ""},
        {**hidden, "at": ""},
    ]


def test_of_a_hidden_task_the_reason_stays_withheld(folder, labrun, report):
    labrun("next")

    hidden = report("status", "--explain")[1]["explained"][-1]

    assert "the reason is withheld" in labrun("status", "--explain")[1]
    assert (hidden["status"], hidden["withheld"]) == ("failed", True)
    assert not hidden["summary"]
    assert not hidden["facts"]


def test_what_holds_by_now_is_not_told(folder, labrun):
    labrun("next")
    for name in ("a", "b", "secret"):
        (folder / name).touch()
    labrun("next")

    assert "Nothing was amiss" in labrun("status", "--explain")[1]


def test_nothing_is_told_of_what_was_before_a_reset(folder, labrun):
    labrun("next")
    labrun("reset")

    assert "Nothing was amiss" in labrun("status", "--explain")[1]


def test_without_being_asked_nothing_is_told(folder, labrun, report):
    labrun("next")

    assert "does not exist" not in labrun("status")[1]
    assert "explained" not in report("status")[1]
