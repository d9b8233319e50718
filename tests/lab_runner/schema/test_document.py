"""The schema for editors: it takes what labrun takes, and refuses what it can tell."""

import json
import re
from functools import cache
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt

from checks import description, registry
from lab_runner.formats import (
    check_list,
    front_matter,
    machine_spec,
    questions,
    recipes,
)
from lab_runner.schema import keys
from lab_runner.schema.document import PARTS, document

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests/golden"
GOOD = sorted([*(GOLDEN / "parse").glob("*.md"), *ROOT.glob("labs/*/lab.md")])
# Broken labs, and the part in which an editor can show what is wrong.
REFUSED = [
    ("bad_durations", "checks"),
    ("bad_task_keys", "checks"),
    ("bad_variables", "front-matter"),
    ("check_is_a_mapping", "checks"),
    ("check_is_text", "checks"),
    ("empty_flow_list", "checks"),
    ("entry_is_text", "checks"),
    ("entry_without_kind", "checks"),
    ("faults_inside_checks", "checks"),
    ("front_matter_not_a_mapping", "front-matter"),
    ("front_matter_out_of_range", "front-matter"),
    ("front_matter_unknown_key", "front-matter"),
    ("front_matter_wrong_types", "front-matter"),
    ("machine_files", "front-matter"),
    ("machine_images", "front-matter"),
    ("no_value", "checks"),
    ("question_bad_id", "question"),
    ("question_fact_without_get", "question"),
    ("question_get_without_fact", "question"),
    ("question_is_a_list", "question"),
    ("question_unknown_key", "question"),
    ("question_with_two_answers", "question"),
    ("question_without_answer", "question"),
    ("question_without_ask", "question"),
    ("two_kinds_in_one_entry", "checks"),
    ("unknown_comparison", "checks"),
    ("unknown_key", "checks"),
    ("unknown_kind", "checks"),
    ("wrong_types", "checks"),
]


@cache
def validator(part=""):
    kinds = [description.describe(kind) for kind in registry.KINDS]
    return Draft202012Validator(document(kinds, part))


def as_in_an_editor(text):
    """Read YAML as editors do: with numbers and booleans, but with times as text."""
    filled = re.sub(r"\{\{[^}]*\}\}", "value", text)
    return json.loads(json.dumps(yaml.safe_load(filled), default=str))


def written(path):
    """Yield each part of a lab with its text."""
    text = path.read_text()
    if text.startswith("---\n"):
        front, _, text = text[4:].partition("\n---\n")
        yield "front-matter", front
    for token in MarkdownIt().parse(text):
        words = token.info.split()
        if words[:1] == ["yaml"] and {"check", "question"} & set(words):
            yield "checks" if "check" in words else "question", token.content


def example(kind):
    return description.describe(kind).example


@pytest.mark.parametrize("part", ["", *PARTS])
def test_the_schema_is_one(part):
    Draft202012Validator.check_schema(validator(part).schema)


@pytest.mark.parametrize("kind", registry.KINDS)
def test_the_example_of_a_kind_is_taken(kind):
    for part in ("", "checks"):
        validator(part).validate(as_in_an_editor(example(kind)))


@pytest.mark.parametrize("kind", registry.KINDS)
def test_an_example_with_a_key_too_many_is_refused(kind):
    (entry,) = as_in_an_editor(example(kind))

    assert not validator("checks").is_valid([{**entry, "no such key": 1}])


@pytest.mark.parametrize(
    ("entry", "taken"),
    [
        ("{task: web, status: running}", True),
        ("{task: web, status: {not: stopped}}", True),
        ("{task: web, status: {one_of: [paused, stopped]}}", True),
        ("{task: web, status: runing}", False),
        ("{task: web, status: {not: stoped}}", False),
        ("{task: web, status: {one_of: [paused, stoped]}}", False),
        ("{port: 80, exists: false, protocol: udp}", True),
        ("{port: 80, exists: false, hint: Close it}", True),
        ("{task: web, exists: false, status: running}", False),
        ("{task: web, exists: 'no', exit: 0}", False),
        ("{file: /a, mode: hold}", True),
        ("{file: /a, mode: 0644}", True),
        ("{package: a, mode: hold}", True),
        ("{package: a, mode: 0644}", False),
    ],
)
def test_words_and_what_shall_not_be_there_are_known(entry, taken):
    assert validator("checks").is_valid([as_in_an_editor(entry)]) is taken


@pytest.mark.parametrize(
    "path", GOOD, ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_what_labrun_reads_is_taken(path):
    refused = [
        (part, error.message)
        for part, text in written(path)
        for error in validator(part).iter_errors(as_in_an_editor(text))
    ]
    assert refused == []


@pytest.mark.parametrize(("name", "part"), REFUSED)
def test_what_is_broken_is_refused(name, part):
    found = [
        validator(part).is_valid(as_in_an_editor(text))
        for each, text in written(GOLDEN / "broken" / f"{name}.md")
        if each == part
    ]
    assert False in found


@pytest.mark.parametrize(
    ("described", "known"),
    [
        (keys.TASK, [*check_list.TASK_KEYS, "machine"]),
        (keys.QUESTION, [*questions.KEYS, "machine"]),
        (keys.FRONT_MATTER, front_matter.KEYS),
        (keys.MACHINE, machine_spec.KEYS),
    ],
)
def test_the_keys_are_those_that_labrun_knows(described, known):
    assert set(described) == set(known)


def test_the_ways_to_make_a_variable_are_those_that_labrun_knows():
    ways = {key for way in keys.VARIABLE["anyOf"] for key in way.get("properties", ())}

    assert ways == set(recipes.WAYS)


def test_every_key_of_an_entry_says_what_it_means():
    entry = validator().schema["$defs"]["task-port"]

    assert all(key["description"] for key in entry["properties"].values())
