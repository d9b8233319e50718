from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.doors.ssh.frame import Frame

MARK = "0123456789abcdef"


def filled(*chunks, limit=100):
    frame = Frame(MARK, limit)
    for chunk in chunks:
        frame.feed(chunk)
    return frame


@given(st.binary(max_size=60), st.lists(st.integers(0, 90)))
def test_any_bytes_arrive_however_they_are_cut(body, cuts):
    data = body + f"{MARK} 7\n{MARK}\n".encode()
    places = sorted({0, *(cut for cut in cuts if cut < len(data)), len(data)})
    frame = filled(*(data[a:b] for a, b in pairwise(places)))

    assert (bytes(frame.body), frame.exit, frame.is_last) == (body, 7, True)


def test_before_the_mark_there_is_no_end():
    frame = filled(b"12\n", MARK[:5].encode())

    assert not frame.is_whole
    assert frame.exit is None
    assert frame.so_far == b"12\n" + MARK[:5].encode()


def test_beyond_the_limit_nothing_is_kept_and_the_end_is_still_seen():
    frame = filled(*[b"x" * 1000] * 50, f"{MARK} 0\n".encode())

    assert bytes(frame.body) == b"x" * 100
    assert frame.exit == 0


@pytest.mark.parametrize("rest", ["", " ", " 1", f" 1\n{MARK}"])
def test_an_end_that_is_not_there_yet_is_not_the_last(rest):
    assert not filled(f"{MARK}{rest}".encode()).is_last


def test_what_comes_after_the_end_is_not_kept():
    frame = filled(f"{MARK} 0\n".encode(), *[b"y" * 1000] * 50)

    assert len(frame._rest) < 100
