import os
import time
from pathlib import Path

import pytest

from checks import spec
from checks.doors.machine import Local
from checks.errors import SpecError, TimedOut
from checks.shell.dialogue import Dialogue
from checks.verdict import Status

GREETING = "printf 'name: '; read n; echo hello $n; exit 3"
ASKED = {"expect": "name: $", "send": "ann"}


def run(command, *script, seconds=20.0, **keys):
    machine = Local()
    machine.allow(seconds)
    entry = {"dialogue": command, "script": list(script), **keys}
    return spec.build("dialogue", Dialogue, entry).run(machine)


def test_a_conversation_that_follows_the_script_passes():
    verdict = run(GREETING, ASKED, {"expect": "^hello ann$"})

    assert verdict.status is Status.PASSED
    assert verdict.summary == f"`{GREETING}` went through the script"


def test_the_exit_code_of_the_program_is_compared():
    verdict = run(GREETING, ASKED, exit="3")
    assert verdict.status is Status.PASSED
    assert tuple(verdict.facts) == Dialogue.FACTS
    assert verdict.facts == {"exit": 3}

    verdict = run(GREETING, ASKED, exit="0")
    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        f"`{GREETING}` went through the script and ended with exit code 3"
    )
    assert (verdict.expected, verdict.actual) == ("exit code 0", "exit code 3")


def test_a_program_has_a_terminal():
    assert run("tty", {"expect": "^/dev/pts/"}, exit="0").status is Status.PASSED


def test_what_is_sent_is_not_taken_for_an_answer():
    verdict = run("read a; read b", {"send": "hello"}, {"expect": "hello"}, seconds=0.5)

    assert verdict.status is Status.FAILED


def test_what_was_printed_before_is_not_looked_at_again():
    command = "echo one; echo two; sleep 60"

    verdict = run(command, {"expect": "two"}, {"expect": "one"}, seconds=0.5)

    assert verdict.status is Status.FAILED


def test_what_does_not_come_is_told_with_what_came():
    command = "echo a; echo b; echo c; printf 'word: '; sleep 60"

    verdict = run(command, {"expect": "name: $"}, seconds=0.5)

    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        f"`{command}` did not print `name: $` (line 1 of the script), only `b c word:`"
    )
    assert (verdict.expected, verdict.actual) == ("name: $", "b c word:")


def test_silence_is_told():
    verdict = run("sleep 60", {"expect": "name"}, seconds=0.3)

    assert verdict.summary == (
        "`sleep 60` did not print `name` (line 1 of the script), nor anything else"
    )


def test_a_program_that_ends_too_early_is_told_at_once():
    began = time.monotonic()

    verdict = run(GREETING, ASKED, {"expect": "^hello bob$"})

    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        f"`{GREETING}` ended before it printed `^hello bob$` "
        "(line 2 of the script), only `hello ann`"
    )
    assert time.monotonic() - began < 10


def test_a_program_that_does_not_end_is_told():
    verdict = run("cat >/dev/null", {"send": "a"}, exit="0", seconds=0.5)

    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        "`cat >/dev/null` is still running at the end of the script"
    )


def test_a_program_may_run_on_when_no_exit_is_wanted(tmp_path):
    verdict = run(
        f"echo $$ >{tmp_path}/pid; echo ready; exec sleep 60", {"expect": "ready"}
    )

    assert verdict.status is Status.PASSED
    pid = (tmp_path / "pid").read_text().strip()
    assert not Path(f"/proc/{pid}").exists()


def test_the_terminal_is_closed_whatever_comes():
    before = len(os.listdir("/proc/self/fd"))

    run("echo a", {"expect": "a"})
    run("echo a", {"expect": "b"})
    with pytest.raises(TimedOut):
        run("echo a", {"expect": "a"}, seconds=0)

    assert len(os.listdir("/proc/self/fd")) == before


def test_a_conversation_without_time_left_is_an_error():
    with pytest.raises(TimedOut):
        run("echo a", {"expect": "a"}, seconds=0)


def test_a_pattern_that_searches_for_ever_is_given_up():
    with pytest.raises(TimedOut, match="looking for"):
        run(f"echo {'a' * 80}!; sleep 9", {"expect": "^(a|aa)+$"})


def test_a_command_that_is_not_found_ends_early():
    verdict = run("no-such-program", {"expect": "ready"})

    assert verdict.status is Status.FAILED
    assert "ended before it printed `ready`" in verdict.summary
    assert "not found" in verdict.actual


@pytest.mark.parametrize(
    ("script", "path", "message"),
    [
        (
            [{"expect": "*"}],
            ("script", 0, "expect"),
            (
                "`script`: `*` is not a regular expression: "
                "nothing to repeat at position 0"
            ),
        ),
        (
            [{"send": "a"}, {}],
            ("script", 1),
            "`script`: needs `expect` or `send`",
        ),
        ([{"send": "a"}], ("script",), "`dialogue` expects nothing"),
        ([], ("script",), "`script`: an empty list asks for nothing"),
    ],
)
def test_what_cannot_be_meant_is_refused(script, path, message):
    with pytest.raises(SpecError) as caught:
        run("true", *script)

    assert (caught.value.path, caught.value.message) == (path, message)
