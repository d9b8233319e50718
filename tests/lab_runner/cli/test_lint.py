"""`labrun dev lint` and `labrun dev new`, through `main`."""

import json

import pytest

CLEAN = "# A lab\n\n## A step\n\nText.\n"
WARNED = "# A lab\n\n## A step\n\nText.\n\n## A step\n\nText.\n"
WRONG = "# A lab\n\n## A step\n\n[there](nowhere.md)\n"
BROKEN = "# A lab\n\n## A step\n\n```yaml check\n- fille: /srv/a\n```\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """`folder(name=TEXT, …)` writes labs and makes the folder the current one."""

    def write(**labs):
        for name, text in labs.items():
            (tmp_path / name).mkdir()
            (tmp_path / name / "lab.md").write_text(text)
        monkeypatch.chdir(tmp_path)

    return write


def test_a_lab_without_fault_says_so(labrun, folder):
    folder(one=CLEAN)

    assert labrun("dev", "lint", "one") == (
        0,
        "1 lab: nothing to find fault with.\n",
        "",
    )


def test_warnings_leave_the_exit_code_alone_unless_asked(labrun, folder):
    folder(one=WARNED)

    assert labrun("dev", "lint", "one")[0] == 0
    assert labrun("dev", "lint", "--strict", "one")[0] == 4


def test_a_lab_that_cannot_be_read_does_not_hide_the_others(labrun, folder):
    folder(a=BROKEN, b=WRONG, c=WARNED)

    code, out, _ = labrun("dev", "lint", ".")

    assert code == 4
    assert "a/lab.md:6:3: error: unknown kind of check `fille`" in out
    assert "b/lab.md:5:9: error: `nowhere.md` is not there" in out
    assert "c/lab.md:7:1: warning: the step on line 3 has the title" in out
    assert "3 labs: 2 errors, 1 warning." in out


def test_problems_are_reported_as_json(labrun, folder):
    folder(one=WRONG)

    _, out, _ = labrun("dev", "lint", "--json", "one")

    report = json.loads(out)
    (problem,) = report["problems"]
    assert (report["labs"], problem["rule"], problem["line"]) == (1, "dead-link", 5)


def test_problems_are_reported_as_sarif(labrun, folder):
    folder(one=WRONG)

    _, out, _ = labrun("dev", "lint", "--sarif", "one")

    log = json.loads(out)
    (run,) = log["runs"]
    (result,) = run["results"]
    (location,) = result["locations"]
    assert log["version"] == "2.1.0"
    assert result["ruleId"] in [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert result["level"] == "error"
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "one/lab.md"},
        "region": {"startLine": 5, "startColumn": 9},
    }


def test_a_sarif_log_describes_every_rule_it_can_name(labrun, folder):
    folder(one=BROKEN)

    _, out, _ = labrun("dev", "lint", "--sarif", "one")

    (run,) = json.loads(out)["runs"]
    known = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert {result["ruleId"] for result in run["results"]} <= known


def test_a_path_without_labs_is_a_mistake_of_usage(labrun, folder, tmp_path):
    folder()

    code, _, err = labrun("dev", "lint", ".")

    assert code == 2
    assert "there is no lab in" in err


def test_a_new_lab_lints_clean(labrun, folder):
    folder()

    code, out, _ = labrun("dev", "new", "first-pod")

    assert code == 0
    assert "labrun start first-pod" in out
    assert labrun("dev", "lint", "--strict", "first-pod")[0] == 0


def test_a_new_lab_never_takes_the_place_of_another(labrun, folder, tmp_path):
    folder(one=CLEAN)

    code, _, err = labrun("dev", "new", "one")

    assert (code, "already" in err) == (2, True)
    assert (tmp_path / "one" / "lab.md").read_text() == CLEAN


def test_a_new_lab_wants_an_id(labrun, folder):
    folder()

    code, _, err = labrun("dev", "new", "First Pod")

    assert code == 2
    assert "labrun dev new first-pod" in err
