"""The reference of kinds: made from their docstrings and fields, and up to date."""

from pathlib import Path

import pytest

from checks import description, registry, spec
from lab_runner.report import reference

GUIDE = Path(__file__).parent.parent / "content/guide"
STALE = "run `labrun dev reference`"


@pytest.fixture(scope="module")
def described():
    return [description.describe(kind) for kind in registry.KINDS]


def test_the_page_of_each_kind_is_what_the_kind_says_now(described):
    found = {path.name: path.read_text() for path in (GUIDE / "checks").iterdir()}

    assert found == reference.pages(described), STALE


def test_the_list_of_kinds_is_what_the_kinds_say_now(described):
    page = (GUIDE / "checks.md").read_text()

    assert page == reference.indexed(page, described), STALE


@pytest.mark.parametrize("kind", registry.KINDS)
def test_a_kind_says_what_each_of_its_keys_means(kind):
    silent = [key.name for key in description.describe(kind).keys if not key.meaning]

    assert silent == []


@pytest.mark.parametrize("kind", registry.KINDS)
def test_a_key_that_takes_one_of_a_few_words_takes_each_and_no_other(kind):
    entry = {key.name: "x" for key in description.describe(kind).keys if key.required}
    cls = registry.load(kind)
    for key, words in getattr(cls, "WORDS", {}).items():
        for word in words:
            spec.build(kind, cls, {**entry, key: word})
        (fault,) = spec.problems(kind, cls, {**entry, key: "no such word"})
        assert fault.path == (key,)
