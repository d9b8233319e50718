"""Tutorials and what becomes of them: a file more in tests/golden/tutorial is a test."""

import json
from pathlib import Path

import pytest
from outcomes import agree

from lab_runner.formats.tutorial import reader as tutorial

GOLDEN = Path(__file__).parents[3] / "golden" / "tutorial"


def outline(reading):
    lab = reading.lab
    return {
        "id": lab.id,
        "title": lab.title,
        "intro": lab.intro,
        "steps": [
            {
                "id": step.id,
                "title": step.title,
                "line": step.source.line,
                "commands": [f"{c.source.line}: {c.text}" for c in step.commands],
            }
            for step in lab.steps
        ],
        "problems": [str(problem) for problem in reading.problems],
    }


@pytest.mark.parametrize(
    "case", sorted(GOLDEN.glob("*.md")), ids=lambda path: path.stem
)
def test_a_tutorial_is_read_as_expected(case, monkeypatch, request):
    monkeypatch.chdir(GOLDEN)
    found = outline(tutorial.read(Path(case.name), b""))

    text = json.dumps(found, indent=2, ensure_ascii=False) + "\n"
    agree(text, case.with_suffix(".json"), request)
