import json
from pathlib import Path

import pytest

from lab_runner import importing
from lab_runner.cli.main import main
from lab_runner.errors import UsageError

FIXTURES = Path(__file__).parents[1] / "fixtures" / "killercoda"


def run(source, out):
    return importing.run(source, out, lambda *_: None)


def contents(folder):
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder): path.read_bytes() for path in files}


@pytest.fixture
def one(tmp_path):
    folder = tmp_path / "from" / "one"
    folder.mkdir(parents=True)
    (folder / "index.json").write_text('{"details": {"steps": [{"text": "a.md"}]}}')
    (folder / "a.md").write_text("# Look\n\n`ls`{{exec}}\n")
    return folder


def test_what_is_written_is_the_same_each_time(tmp_path):
    run(FIXTURES, tmp_path / "first")
    run(FIXTURES, tmp_path / "second")
    assert contents(tmp_path / "first") == contents(tmp_path / "second")


def test_nothing_is_written_beside_the_folder(one, tmp_path):
    before = contents(tmp_path)
    run(one.parent, tmp_path / "out")
    assert {path.parts[0] for path in contents(tmp_path)} == {"from", "out"}
    assert before.items() <= contents(tmp_path).items()


def test_a_broken_lab_stops_no_other(one, tmp_path):
    (one.parent / "bad").mkdir()
    (one.parent / "bad" / "index.json").write_text("{")
    bad, good = run(one.parent, tmp_path / "out")
    assert (bad.lab, good.id) == (None, "one")
    assert bad.problems[0].source.path.endswith("bad/index.json")
    assert (tmp_path / "out" / "labs" / "one" / "lab.md").is_file()


def test_a_single_lab_can_be_imported(one, tmp_path):
    (imported,) = run(one, tmp_path / "out")
    assert imported.id == "one"


def test_labs_of_the_same_name_stay_apart(one, tmp_path):
    other = one.parent / "more" / "one"
    other.mkdir(parents=True)
    (other / "index.json").write_text('{"details": {}, "title": "Other"}')
    assert {each.id for each in run(one.parent, tmp_path / "out")} == {"one", "one-2"}


def test_a_folder_that_holds_something_is_left_alone(one, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("mine")
    with pytest.raises(UsageError, match="not an empty folder"):
        run(one, tmp_path / "out")
    assert contents(tmp_path / "out") == {Path("mine"): b"mine"}


def test_an_interruption_leaves_nothing_behind(one, tmp_path):
    def interrupt(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        importing.run(one, tmp_path / "out", interrupt)
    assert [path.name for path in tmp_path.iterdir()] == ["from"]


def test_what_a_killed_import_left_is_gone_after_the_next(one, tmp_path):
    (tmp_path / ".out.labrun-import" / "labs").mkdir(parents=True)
    run(one, tmp_path / "out")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["from", "out"]


def test_the_report_counts_what_was_kept(one, tmp_path, capsys):
    assert main(["dev", "import", str(one), "--to", str(tmp_path / "o"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    (lab,) = found["labs"]
    kept = {key: lab[key] for key in ("id", "steps", "checks", "commands", "copies")}
    assert kept == {"id": "one", "steps": 1, "checks": 0, "commands": 1, "copies": 0}
    assert found["totals"]["labs"] == 1


def test_the_exit_code_says_that_a_lab_could_not_be_read(one, tmp_path, capsys):
    (one / "index.json").write_text("{")
    assert main(["dev", "import", str(one), "--to", str(tmp_path / "out")]) == 4
    assert "could not be read" in capsys.readouterr().out


def test_a_folder_without_labs_is_told(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="there is no lab"):
        run(tmp_path / "empty", tmp_path / "out")
