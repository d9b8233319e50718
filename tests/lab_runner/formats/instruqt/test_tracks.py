"""Tracks and what becomes of them: a folder more in tests/fixtures is a test more."""

from pathlib import Path

import pytest
from alike import parts, written
from outcomes import agree_on

from lab_runner.errors import LabBroken
from lab_runner.formats import formats, inputs, native
from lab_runner.formats.instruqt import reader

FIXTURES = Path(__file__).parents[3] / "fixtures" / "instruqt"
GOLDEN = Path(__file__).parents[3] / "golden" / "instruqt"
TRACKS = sorted(FIXTURES.iterdir(), key=lambda path: path.name)
BROKEN = {"hcl", "no_challenges"}
WHOLE = [path for path in TRACKS if path.name not in BROKEN]


def read(name):
    return reader.read(FIXTURES / name, b"seed")


@pytest.mark.parametrize("folder", WHOLE, ids=lambda path: path.name)
def test_a_track_is_read_as_expected(folder, monkeypatch, request):
    monkeypatch.chdir(FIXTURES)
    reading = reader.read(Path(folder.name), b"seed")

    agree_on(reading, GOLDEN / folder.name, request)


@pytest.mark.parametrize("folder", WHOLE, ids=lambda path: path.name)
def test_what_is_written_reads_as_the_same_lab(folder, tmp_path):
    reading = reader.read(folder, b"seed")
    again = native.read(written(reading, tmp_path), b"seed").lab
    assert parts(again) == parts(reading.lab)
    assert again.machines == reading.lab.machines


def test_a_folder_with_a_track_is_a_lab():
    assert formats.format_of(FIXTURES / "whole") is reader
    assert FIXTURES / "whole" in formats.labs(FIXTURES)


def test_the_newer_labs_are_refused_by_name():
    with pytest.raises(LabBroken, match=r"main\.hcl:1:1: .*HCL"):
        formats.read(FIXTURES / "hcl", b"seed")


def test_a_track_without_challenges_is_refused():
    with pytest.raises(LabBroken, match=r"assignment\.md"):
        read("no_challenges")


def test_challenges_are_counted_in_numbers():
    assert [step.id for step in read("whole").lab.steps][-1] == "the-last-one"


def test_each_host_has_checks_and_commands_of_its_own():
    (step,) = read("two_hosts").lab.steps
    assert [task.machine for task in step.tasks] == ["", "the-database"]
    typed = [each.machine for each in step.commands if each.role == "type"]
    assert typed == ["the-database"]


def test_a_quiz_takes_the_number_of_the_right_answer_or_the_answer():
    (question,) = read("whole").lab.steps[2].questions
    assert question.answer == {"one_of": ["2", "That"]}


def test_commands_and_checks_keep_the_place_they_are_written_at():
    step = read("whole").lab.steps[0]
    command = next(each for each in step.commands if each.role == "type")
    assert (Path(command.source.path).name, command.source.line) == (
        "assignment.md",
        31,
    )
    assert Path(step.tasks[0].source.path).name == "check-server"


def test_a_challenge_that_appears_is_noticed(tmp_path):
    (tmp_path / "track.yml").write_text("title: A\n")
    (tmp_path / "01-a").mkdir()
    (tmp_path / "01-a" / "assignment.md").write_text("Do it.\n")
    before = reader.read(tmp_path, b"seed").inputs
    assert inputs.are_unchanged(before)

    (tmp_path / "01-a" / "check-web").write_text("test -f x\n")
    assert not inputs.are_unchanged(before)
