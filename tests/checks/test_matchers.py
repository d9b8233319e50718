import pytest
from hypothesis import given
from hypothesis import strategies as some

from checks.errors import SpecError, TimedOut
from checks.matchers import (
    Matcher,
    at_least,
    compare_versions,
    equals,
    parse,
)


def test_a_scalar_compares_by_equality():
    assert parse("running").accepts("running")
    assert not parse("running").accepts("Running")


def test_text_keeps_its_zeros():
    assert not parse("1.10").accepts("1.1")
    assert not parse("0644").accepts("644")


def test_a_number_equals_the_same_number():
    assert parse("137").accepts(137)
    assert parse("2.0").accepts(2)
    assert not parse("137").accepts(138)


def test_a_word_never_equals_a_number():
    assert not parse("many").accepts(3)


@pytest.mark.parametrize("written", [True, "true", "True"])
def test_a_truth_equals_the_same_truth(written):
    assert parse(written).accepts(observed=True)
    assert not parse(written).accepts(observed=False)


def test_a_number_is_no_truth():
    assert not parse("1").accepts(observed=True)


@pytest.mark.parametrize(
    "written",
    [
        "",
        {"contains": "a"},
        {"matches": ".*"},
        {"at_least": 0},
        {"at_most": 9},
        {"one_of": ["", "a"]},
    ],
)
def test_nothing_observed_meets_no_condition(written):
    assert not parse(written).accepts(None)


@pytest.mark.parametrize("written", [{"not": "a"}, {"not": {"not": "a"}}])
def test_what_was_not_observed_meets_not_even_not(written):
    assert not parse(written).accepts(None)


def test_contains_looks_for_a_part():
    assert parse({"contains": "shim"}).accepts("containerd-shim-runc-v2")
    assert not parse({"contains": "Shim"}).accepts("containerd-shim-runc-v2")


def test_matches_searches_line_by_line():
    assert parse({"matches": "^b$"}).accepts("a\nb\nc")
    assert not parse({"matches": "^d$"}).accepts("a\nb\nc")


def test_a_pattern_that_searches_for_ever_is_given_up():
    with pytest.raises(TimedOut):
        parse({"matches": "^(a|aa)+$"}).accepts("a" * 80 + "!")


def test_a_pattern_warns_nobody(recwarn):
    assert parse({"matches": "[[a]"}).accepts("[")

    assert recwarn.list == []


def test_one_of_takes_values_and_conditions():
    matcher = parse({"one_of": ["a", {"at_least": 3}]})

    assert matcher.accepts("a")
    assert matcher.accepts(4)
    assert not matcher.accepts(2)


def test_not_turns_a_condition_round():
    assert parse({"not": {"contains": "x"}}).accepts("abc")
    assert not parse({"not": {"contains": "x"}}).accepts("xyz")


def test_all_conditions_of_a_mapping_hold_together():
    matcher = parse({"at_least": 2, "at_most": 4})

    assert [matcher.accepts(n) for n in (1, 2, 4, 5)] == [False, True, True, False]


def test_numbers_compare_as_numbers():
    assert parse({"at_least": "0.25"}).accepts(0.5)
    assert parse({"at_most": "10"}).accepts(-5)
    assert not parse({"at_least": "0"}).accepts(-5)


def test_versions_compare_part_by_part():
    assert parse({"at_least": "1.6"}).accepts("1.6.20~ds1-1+deb12u3")
    assert not parse({"at_least": "1.10"}).accepts("1.9")


def test_a_text_without_digits_has_no_order():
    assert not parse({"at_most": "5"}).accepts("unknown")
    assert not parse({"at_least": "0"}).accepts("unknown")


@pytest.mark.parametrize(
    ("left", "right", "order"),
    [
        ("1.6", "1.6.0", 0),
        ("1.6", "1.6.20", -1),
        ("1.6.20", "1.6.3", 1),
        ("v1.7.0", "1.7", 0),
        ("2:1.0", "1:9.0", 1),
        ("5:24.0.7-1~debian.12", "20.10", 1),
        ("1.6.20~ds1-1", "1.6.20", -1),
        ("1.6.20", "1.6.20~ds1-1", 1),
        ("1.6.20~ds1-1", "1.6.19", 1),
        ("1.6~rc1", "1.6.0", -1),
        ("1.6", "1.6.0~rc1", 1),
        ("1.6~rc1", "1.6~rc2", -1),
        ("20.10", "5:24.0.7", -1),
    ],
)
def test_the_order_of_versions(left, right, order):
    assert compare_versions(left, right) == order


versions = some.from_regex(r"\A\d{1,3}(\.\d{1,3}){0,3}\Z")


@given(versions, versions)
def test_the_order_of_versions_is_the_same_from_both_sides(left, right):
    assert compare_versions(left, right) == -compare_versions(right, left)


@given(some.integers())
def test_a_number_is_at_least_itself(number):
    assert at_least(number).accepts(number)
    assert not at_least(number).accepts(number - 1)


def test_a_newline_at_the_end_of_a_text_does_not_count():
    assert equals("a\nb\n").accepts_text("a\nb")
    assert equals("a\nb").accepts_text("a\nb\n")
    assert not equals("a").accepts_text("a\n\n")
    assert parse({"matches": r"b\Z"}).accepts_text("a\nb\n")
    assert not parse({"not": "a"}).accepts_text("a\n")


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("running", "running"),
        ("", "empty"),
        ({"at_least": 2}, "at least 2"),
        ({"at_least": 2, "at_most": 4}, "at least 2 and at most 4"),
        ({"one_of": ["a", "b"]}, "a or b"),
        ({"not": {"matches": "^a"}}, "not matching ^a"),
    ],
)
def test_a_condition_has_words(written, words):
    assert parse(written).describe() == words


def test_only_an_equality_has_a_literal():
    assert parse("0644").literal == "0644"
    assert parse({"contains": "0644"}).literal is None
    assert Matcher(()).literal is None


@pytest.mark.parametrize(
    ("written", "path", "message"),
    [
        ([], (), "a list cannot be compared with one value"),
        (None, (), "has no value"),
        ({}, (), "an empty mapping compares with nothing"),
        (
            {"contain": "a"},
            ("contain",),
            "unknown comparison `contain`, did you mean `contains`?",
        ),
        ({"one_of": "a"}, ("one_of",), "`one_of` takes a list"),
        ({"one_of": []}, ("one_of",), "`one_of` takes a list"),
        ({"contains": ["a"]}, ("contains",), "`contains` takes one value"),
        ({"contains": ""}, ("contains",), "every text contains an empty one"),
        (
            {"matches": "*"},
            ("matches",),
            "`*` is not a regular expression: nothing to repeat at position 0",
        ),
        ({"at_least": "many"}, ("at_least",), "`many` is neither number nor version"),
        ({"not": {"at_mots": 1}}, ("not", "at_mots"), None),
        ({"one_of": ["a", {"matches": "*"}]}, ("one_of", 1, "matches"), None),
    ],
)
def test_a_fault_says_what_and_where(written, path, message):
    with pytest.raises(SpecError) as caught:
        parse(written)

    assert caught.value.path == path
    assert message is None or caught.value.message == message
