import subprocess

import pytest

from lab_runner.inband import Request, Requests, escaped

TOKEN = "t0ken"
SENT = b"\x1b]7337;t0ken;1;next\x1f--json\x1f\x07"
ASKED = Request(("next", "--json"), on_terminal=True)


def test_a_request_is_taken_out_of_what_is_shown():
    shown, found = Requests(TOKEN).feed(b"before" + SENT + b"after")

    assert (shown, found) == (b"beforeafter", [ASKED])


@pytest.mark.parametrize("cut", range(1, len(SENT)))
def test_a_request_is_found_wherever_the_stream_is_cut(cut):
    requests = Requests(TOKEN)
    first = requests.feed(b"x" + SENT[:cut])
    second = requests.feed(SENT[cut:] + b"y")

    assert first[0] + second[0] == b"xy"
    assert first[1] + second[1] == [ASKED]


def test_another_programs_escapes_go_through_untouched():
    title = b"\x1b]0;a title\x07\x1b]7337;wrong;1;next\x1f\x07"

    shown, found = Requests(TOKEN).feed(title + b".")

    assert (shown, found) == (title + b".", [])


def test_half_an_escape_is_not_held_back_for_ever():
    requests = Requests(TOKEN)

    shown = requests.feed(b"\x1b")[0] + requests.feed(b"[1mbold")[0]

    assert shown == b"\x1b[1mbold"


@pytest.mark.parametrize(
    "data",
    [b"plain\n", b"tab\tand \\ and %s", "✔ ünïcode".encode(), bytes(range(1, 256))],
)
def test_escaped_lines_come_back_from_printf_as_they_were(data):
    lines = list(escaped(data))
    printed = b"".join(
        subprocess.run(
            ["bash", "-c", 'printf %b "$1"', "-", line], capture_output=True
        ).stdout
        for line in lines
    )

    assert printed == data


def test_no_line_is_too_long_for_a_terminal():
    assert max(len(line) for line in escaped(b"\x00" * 10_000)) < 1000
