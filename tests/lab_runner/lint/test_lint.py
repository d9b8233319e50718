"""Each rule, by a folder of its name: what trips it, and what comes near and does not."""

from pathlib import Path

import pytest

from lab_runner.formats import formats
from lab_runner.lint import lint
from lab_runner.lint.rules import RULES
from lab_runner.report import problems

GOLDEN = Path(__file__).parents[2] / "golden" / "lint"
RULE_IDS = [rule.id for rule in (*RULES, lint.COMMENTS)]


def found(name):
    return lint.problems(formats.read(Path(name), b"seed").lab)


def test_every_rule_has_a_folder_and_every_folder_a_rule():
    assert sorted(RULE_IDS) == sorted(path.name for path in GOLDEN.iterdir())


@pytest.mark.parametrize("rule", RULE_IDS)
def test_what_trips_a_rule_is_told(rule, monkeypatch, request):
    monkeypatch.chdir(GOLDEN / rule)

    told = [each for each in found("trips.md") if each.rule == rule]

    text = problems.text(told) + "\n"
    expected = Path("trips.txt")
    if request.config.getoption("--update-golden"):
        expected.write_text(text, encoding="utf-8")
    assert told
    assert text == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("rule", RULE_IDS)
def test_what_comes_near_does_not_trip_it(rule, monkeypatch):
    monkeypatch.chdir(GOLDEN / rule)

    assert [each for each in found("clean.md") if each.rule == rule] == []


def test_problems_come_in_the_order_of_the_text(monkeypatch):
    monkeypatch.chdir(GOLDEN / "cannot-fail")

    lines = [each.source.line for each in found("trips.md")]

    assert lines == sorted(lines)


def test_the_guide_has_every_rule_with_its_meaning():
    guide = Path(__file__).parents[3] / "content" / "guide" / "linting.md"
    rows = [
        f"| `{rule.id}` | {rule.severity} | {rule.meaning} |"
        for rule in (*RULES, lint.COMMENTS)
    ]

    assert "\n".join(rows) in guide.read_text(encoding="utf-8")
