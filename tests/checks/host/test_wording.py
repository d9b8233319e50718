import pytest

from checks.host.wording import contrast, excerpt, last_line, names, none, unlike
from checks.matchers import parse


def test_an_excerpt_is_one_line():
    assert excerpt("a\n\tb  c\n") == "a b c"


def test_an_excerpt_is_cut_at_its_length():
    assert excerpt("x" * 200) == "x" * 99 + "…"
    assert excerpt("x" * 100) == "x" * 100


def test_an_excerpt_has_no_escapes():
    assert excerpt("a\x1b[31mb\x07") == "a?[31mb?"


def test_the_last_line_is_the_last_that_says_something():
    assert last_line("a\nb\n\n  \n") == "b"
    assert last_line("\n") == ""


@pytest.mark.parametrize(
    ("words", "listed"),
    [
        (["a"], "`a`"),
        (["a", "b"], "`a` and `b`"),
        (["a", "b", "c"], "`a`, `b` and `c`"),
        (list("abcdefg"), "`a`, `b`, `c`, `d`, `e` and 2 more"),
    ],
)
def test_names_are_listed(words, listed):
    assert names(words) == listed


def test_one_or_all_of_some_names_are_denied():
    assert none(["a"], "here") == "`a` is not here"
    assert none(["a", "b"], "here") == "Neither `a` nor `b` is here"


def test_what_was_wanted_follows_what_was_found():
    assert unlike(parse("a")) == "not `a`"
    assert unlike(parse({"at_least": 2})) == "expected at least 2"


@pytest.mark.parametrize(
    ("found", "wanted", "shown"),
    [
        ("a b", "a c", ("a b", "a c")),
        ("a  b", "a b", ("a  b", "a b")),
        ("a\nb", "a b", ("a\\nb", "a b")),
        ("a\r\n", "a", ("a\\r\\n", "a")),
        ("a\0b", "a?b", ("a\\x00b", "a?b")),
        (" ", "", (" ", "")),
        (f"{'x' * 200}y", f"{'x' * 200}z", (f"…{'x' * 20}y", f"…{'x' * 20}z")),
    ],
)
def test_what_differs_looks_different(found, wanted, shown):
    assert contrast(found, parse(wanted)) == shown


def test_an_empty_text_is_called_nothing():
    assert unlike(parse("")) == "expected nothing"
