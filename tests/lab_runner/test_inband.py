import subprocess

import pytest

from lab_runner.inband import Message, Messages, lines, refusal

TOKEN = "t0ken"
SENT = b"\x1b]7337;t0ken;42;?1;next\x1f--json\x1f\x07"
ASKED = Message("42", "?", True, ("next", "--json"))


def test_a_request_is_taken_out_of_what_is_shown():
    shown, found = Messages(TOKEN).feed(b"before" + SENT + b"after")

    assert (shown, found) == (b"beforeafter", [ASKED])


@pytest.mark.parametrize("cut", range(1, len(SENT)))
def test_a_request_is_found_wherever_the_stream_is_cut(cut):
    messages = Messages(TOKEN)
    first = messages.feed(b"x" + SENT[:cut])
    second = messages.feed(SENT[cut:] + b"y")

    assert first[0] + second[0] == b"xy"
    assert first[1] + second[1] == [ASKED]


@pytest.mark.parametrize("verb", ["+", "x"])
def test_the_other_verbs_carry_only_the_request_they_mean(verb):
    sent = f"\x1b]7337;{TOKEN};42;{verb}\x07".encode()

    assert Messages(TOKEN).feed(sent) == (b"", [Message("42", verb)])


@pytest.mark.parametrize(
    "text",
    [
        b"\x1b]0;a title\x07",
        b"\x1b]7337;wrong;42;?1;next\x1f\x07",
        b"\x1b]7337;t0ken;forty-two;?1;next\x1f\x07",
        b"\x1b]7337;t0ken;42;!\x07",
        b"\x1b]7337;t0ken;42;?1;ne\nxt\x1f\x07",
    ],
)
def test_what_is_no_message_of_ours_goes_through_untouched(text):
    assert Messages(TOKEN).feed(text + b".") == (text + b".", [])


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        (b"42;s17", Message("42", "s", arguments=("17",))),
        (b"42;p$'0'\x1f$'/tmp'", Message("42", "p", arguments=("$'0'", "$'/tmp'"))),
        (b"$$;s17", Message("$$", "s", arguments=("17",))),
    ],
)
def test_a_mark_of_the_shell_is_taken_out_with_its_fields(text, mark):
    sent = b"\x1b]7337;t0ken;" + text + b"\x07"

    for cut in range(1, len(sent)):
        messages = Messages(TOKEN)
        first, second = messages.feed(sent[:cut]), messages.feed(sent[cut:])
        assert first[0] + second[0] == b""
        assert first[1] + second[1] == [mark]


def test_what_was_typed_ahead_comes_back_as_it_was_typed():
    sent = f"\x1b]7337;{TOKEN};42;<echo a\x1fecho b\x1f\x07".encode()

    (message,) = Messages(TOKEN).feed(sent)[1]

    assert message.typed == b"echo a\recho b\r"


def test_half_an_escape_is_not_held_back_for_ever():
    messages = Messages(TOKEN)

    shown = messages.feed(b"\x1b")[0] + messages.feed(b"[1mbold")[0]

    assert shown == b"\x1b[1mbold"


def test_a_message_that_never_ends_is_shown_after_all():
    messages = Messages(TOKEN)
    endless = SENT[:-1] + b"a" * 100_000

    assert messages.feed(endless)[0] == endless


def unescaped(answer):
    return b"".join(
        subprocess.run(
            ["bash", "-c", 'printf %b "$1"', "-", line[4:-1]], capture_output=True
        ).stdout
        for line in answer
    )


@pytest.mark.parametrize(
    "data",
    [b"plain\n", b"tab\tand \\ and %s", "✔ ünïcode".encode(), bytes(range(1, 256))],
)
def test_lines_come_back_from_printf_as_they_were(data):
    assert unescaped(lines("42", "1", data)) == data


def test_a_line_means_nothing_to_a_shell():
    (line,) = lines("42", "1", b"`reboot` $(reboot); reboot | x > /y & ! ' \" \n")

    assert line.startswith(b"#421")
    assert not set(line[4:-1]) & set(b"`$();|>&!'\"\n")


def test_no_line_is_too_long_for_a_terminal():
    assert max(len(line) for line in lines("42", "1", b"\x00" * 10_000)) < 4095


@pytest.mark.parametrize("word", ["start", "reset", "machine", "shell", "demo"])
def test_what_makes_no_sense_inside_is_refused(word):
    assert "leave it with `exit` first" in refusal([word])


@pytest.mark.parametrize("option", ["--on", "--on=local", "--lab", "--lab=x", "--"])
def test_a_shell_cannot_reach_another_machine_or_lab(option):
    assert "belongs to its lab and machine" in refusal(["check", option, "local"])


@pytest.mark.parametrize(
    "words", [[], ["next"], ["answer", "id", "42"], ["check", "--all"]]
)
def test_the_learners_commands_are_not_refused(words):
    assert refusal(words) == ""
