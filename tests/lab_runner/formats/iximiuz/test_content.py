"""Content of iximiuz Labs: a folder more in tests/fixtures is a test more."""

from pathlib import Path

import pytest
from alike import parts, written
from outcomes import agree_on

from lab_runner.formats import formats, native
from lab_runner.formats.iximiuz import reader

FIXTURES = Path(__file__).parents[3] / "fixtures" / "iximiuz"
GOLDEN = Path(__file__).parents[3] / "golden" / "iximiuz"
FOLDERS = sorted(FIXTURES.iterdir(), key=lambda path: path.name)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_content_is_read_as_expected(folder, monkeypatch, request):
    monkeypatch.chdir(FIXTURES)
    reading = reader.read(Path(folder.name), b"seed")

    agree_on(reading, GOLDEN / folder.name, request)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_what_is_written_reads_as_the_same_lab(folder, tmp_path):
    reading = reader.read(folder, b"seed")
    again = native.read(written(reading, tmp_path), b"seed").lab
    assert parts(again) == parts(reading.lab)


def test_a_folder_with_a_challenge_is_a_lab():
    assert formats.format_of(FIXTURES / "whole") is reader


def test_a_task_belongs_to_the_step_that_shows_it():
    steps = reader.read(FIXTURES / "whole", b"seed").lab.steps
    assert [len(step.tasks) for step in steps] == [0, 1, 1]
