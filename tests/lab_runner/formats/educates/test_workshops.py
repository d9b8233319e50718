"""Workshops and what becomes of them: a folder more in tests/fixtures is a test more."""

from pathlib import Path

import pytest
from alike import parts, written
from outcomes import agree_on

from lab_runner.errors import LabBroken
from lab_runner.formats import formats, inputs, native
from lab_runner.formats.educates import reader

FIXTURES = Path(__file__).parents[3] / "fixtures" / "educates"
GOLDEN = Path(__file__).parents[3] / "golden" / "educates"
WORKSHOPS = sorted(FIXTURES.iterdir(), key=lambda path: path.name)
WHOLE = [path for path in WORKSHOPS if path.name != "no_pages"]


def read(name):
    return reader.read(FIXTURES / name, b"seed")


@pytest.mark.parametrize("folder", WHOLE, ids=lambda path: path.name)
def test_a_workshop_is_read_as_expected(folder, monkeypatch, request):
    monkeypatch.chdir(FIXTURES)
    reading = reader.read(Path(folder.name), b"seed")

    agree_on(reading, GOLDEN / folder.name, request)


@pytest.mark.parametrize("folder", WHOLE, ids=lambda path: path.name)
def test_what_is_written_reads_as_the_same_lab(folder, tmp_path):
    reading = reader.read(folder, b"seed")
    again = native.read(written(reading, tmp_path), b"seed").lab
    assert parts(again) == parts(reading.lab)


def test_a_folder_with_a_workshop_is_a_lab():
    assert formats.format_of(FIXTURES / "whole") is reader
    assert set(WORKSHOPS) <= set(formats.labs(FIXTURES))


def test_the_definition_names_the_workshop_as_well():
    file = FIXTURES / "whole" / "resources" / "workshop.yaml"
    assert formats.read(file, b"seed").lab.title == "Files and notes"


def test_a_workshop_without_pages_is_refused():
    with pytest.raises(LabBroken, match=r"workshop\.yaml:1:1: .*no page"):
        read("no_pages")


def test_a_test_that_is_tried_for_ever_is_asked_whenever_the_learner_asks():
    task = read("whole").lab.steps[2].tasks[0]
    assert (task.within, task.timeout) == (0, 15)


def test_tests_keep_the_place_they_are_written_at():
    source = read("whole").lab.steps[1].tasks[0].source
    assert (Path(source.path).name, source.line) == ("01-make.md", 16)


def test_a_page_that_appears_is_noticed(tmp_path):
    (tmp_path / "resources").mkdir()
    (tmp_path / "resources" / "workshop.yaml").write_text("kind: Workshop\n")
    content = tmp_path / "workshop" / "content"
    content.mkdir(parents=True)
    (content / "a.md").write_text("Do it.\n")
    before = reader.read(tmp_path, b"seed").inputs
    assert inputs.are_unchanged(before)

    (content / "b.md").write_text("And this.\n")
    assert not inputs.are_unchanged(before)
