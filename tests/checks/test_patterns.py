import threading
import time

import pytest

from checks.errors import SpecError, TimedOut
from checks.patterns import Pattern

ENDLESS = "^(a|aa)+$"
LONG = "a" * 80 + "!"


def test_an_endless_search_is_given_up():
    with pytest.raises(TimedOut) as caught:
        Pattern(ENDLESS, 0.1).search(LONG)

    assert caught.value.message == "looking for `^(a|aa)+$` took longer than 0.1 s"
    assert "simplify the pattern" in caught.value.remedy


def test_other_threads_run_during_a_search():
    searching = threading.Thread(target=_give_up, daemon=True)

    searching.start()
    time.sleep(0.1)

    assert searching.is_alive()
    searching.join()


def _give_up():
    with pytest.raises(TimedOut):
        Pattern(ENDLESS, 2).search(LONG)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("a{e}", "a{e}"),
        (r"\{d}", "{d}"),
        ("[{]s<=1}", "{s<=1}"),
        ("a{2}b{,3}c{1,}", "aabbbc"),
        (r"\N{DIGIT ONE}", "1"),
        (r"\\{i}", r"\{i}"),
    ],
)
def test_a_brace_means_what_re_takes_it_for(pattern, text):
    assert Pattern(pattern).search(text)[0] == text


@pytest.mark.parametrize("pattern", ["hello{e}", "hello{1<=e<=3}", "(hello){s<=1}"])
def test_nothing_matches_nearly(pattern):
    assert Pattern(pattern).search("hallo") is None


def test_lines_are_searched_one_by_one():
    assert Pattern("^b$").search("a\nb\nc")


def test_what_cannot_be_compiled_is_the_authors_mistake():
    with pytest.raises(SpecError, match="is not a regular expression"):
        Pattern("(")
