"""Lab files and what becomes of them: a file more in tests/golden is a test more."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from outcomes import agree

from lab_runner.errors import LabBroken
from lab_runner.formats import native

GOLDEN = Path(__file__).parents[2] / "golden"
SEED = b"the seed of all golden files"


def cases(folder):
    return sorted((GOLDEN / folder).glob("*.md"), key=lambda path: path.stem)


@pytest.mark.parametrize("case", cases("broken"), ids=lambda path: path.stem)
def test_a_broken_lab_is_told_everything_that_is_wrong(case, monkeypatch, request):
    monkeypatch.chdir(case.parent)
    with pytest.raises(LabBroken) as broken:
        native.read(Path(case.name), SEED)

    agree(f"{broken.value}\n", case.with_suffix(".txt"), request)


@pytest.mark.parametrize("case", cases("parse"), ids=lambda path: path.stem)
def test_a_good_lab_is_read_as_expected(case, monkeypatch, request):
    monkeypatch.chdir(case.parent)
    lab = asdict(native.read(Path(case.name), SEED).lab)

    text = json.dumps(lab, indent=2, ensure_ascii=False) + "\n"
    agree(text, case.with_suffix(".json"), request)


def test_there_are_at_least_forty_broken_labs():
    assert len(cases("broken")) >= 40
