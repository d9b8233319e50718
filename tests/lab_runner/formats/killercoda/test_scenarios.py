"""Scenarios and what becomes of them: a folder more in tests/fixtures is a test more."""

import json
from pathlib import Path

import pytest
from alike import parts, written
from outcomes import agree_on

from lab_runner.errors import LabBroken
from lab_runner.formats import inputs, native
from lab_runner.formats.killercoda import reader

FIXTURES = Path(__file__).parents[3] / "fixtures" / "killercoda"
GOLDEN = Path(__file__).parents[3] / "golden" / "killercoda"
SCENARIOS = sorted(FIXTURES.iterdir(), key=lambda path: path.name)
BROKEN = {"broken_index", "index_of_nothing"}
WHOLE = [path for path in SCENARIOS if path.name not in BROKEN]


def read(name):
    return reader.read(FIXTURES / name, b"seed")


@pytest.mark.parametrize("folder", WHOLE, ids=lambda path: path.name)
def test_a_scenario_is_read_as_expected(folder, monkeypatch, request):
    monkeypatch.chdir(FIXTURES)
    reading = reader.read(Path(folder.name), b"seed")

    agree_on(reading, GOLDEN / folder.name, request)


@pytest.mark.parametrize("folder", WHOLE, ids=lambda path: path.name)
def test_what_is_written_reads_as_the_same_lab(folder, tmp_path):
    reading = reader.read(folder, b"seed")
    again = native.read(written(reading, tmp_path), b"seed").lab
    assert parts(again) == parts(reading.lab)
    assert again.machine == reading.lab.machine


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_an_index_that_cannot_be_read_is_told_with_its_line(name):
    with pytest.raises(LabBroken) as broken:
        read(name)
    assert f"{name}/index.json:" in str(broken.value)


def test_commands_keep_the_place_they_are_written_at():
    (first, *_) = (c for c in read("whole").lab.steps[1].commands if c.role == "type")
    assert (Path(first.source.path).name, first.source.line) == ("one.md", 3)


def test_a_check_keeps_the_place_of_its_script():
    (task,) = read("whole").lab.steps[1].tasks
    assert Path(task.source.path).name == "verify.sh"


def test_key_strokes_are_no_commands():
    (step,) = read("key_strokes").lab.steps
    assert [each.text for each in step.commands] == ["ls", "pwd"]


def test_nothing_outside_of_the_folder_is_read():
    reading = read("leads_out")
    assert "first" not in reading.native
    assert {problem.rule for problem in reading.problems} == {"dropped"}
    assert all("whole" not in path for path in reading.inputs)


def test_scenarios_come_in_the_order_of_their_course(tmp_path):
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "index.json").write_text('{"details": {}}')
    order = '{"items": [{"path": "c"}, {"path": "gone"}, {"path": "a"}]}'
    (tmp_path / "structure.json").write_text(order)

    assert [path.name for path in reader.labs(tmp_path)] == ["c", "a", "b"]


def test_another_index_is_no_scenario(tmp_path):
    (tmp_path / "index.json").write_text('{"name": "something else"}')
    assert not reader.claims(tmp_path)


def test_a_file_that_was_missing_is_noticed_when_it_appears(tmp_path):
    (tmp_path / "step").mkdir()
    index = {"details": {"steps": [{"text": "step/text.md"}]}}
    (tmp_path / "index.json").write_text(json.dumps(index))
    before = reader.read(tmp_path, b"seed").inputs
    assert inputs.are_unchanged(before)

    (tmp_path / "step" / "text.md").write_text("Do it.\n")
    assert not inputs.are_unchanged(before)
