"""The relay, through a real terminal and a real bash."""

import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from checks.doors.machine import Local
from checks.doors.terminal import Conversation, Terminal

PROGRAM = Path(__file__).parent.parent / "support" / "relayed_shell.py"


def shell(stand_in):
    return Local().spawn([sys.executable, str(PROGRAM), stand_in])


@pytest.fixture
def echoing():
    code = (
        "import sys; print(*sys.argv[1:]); print('bad', file=sys.stderr); sys.exit(4)"
    )
    with closing(Terminal(lambda: shell(code))) as terminal:
        yield terminal


def test_the_shell_is_an_ordinary_one(echoing):
    assert echoing.run("echo $((6*7)); exit_code() { return 3; }; exit_code").exit == 3
    assert echoing.run("stty size").output == "50 120"
    assert echoing.run("tty").output.startswith("/dev/pts/")


def test_a_command_typed_inside_is_run_outside_and_its_output_comes_back(echoing):
    framed = echoing.run("labrun next --json 'two words' 2>/dev/null")

    assert (framed.exit, framed.output) == (4, "next --json two words")


def test_its_error_output_is_error_output(echoing):
    assert echoing.run("labrun status 2>&1 >/dev/null").output == "bad"


def test_its_output_can_be_piped(echoing):
    assert echoing.run("labrun status 2>/dev/null | tr a-z A-Z").output == "STATUS"


def test_the_terminal_is_as_before_after_it(echoing):
    before = echoing.run("stty -g").output
    echoing.run("labrun status")

    assert echoing.run("stty -g").output == before


def test_a_subshell_knows_the_command_too(echoing):
    assert echoing.run("bash -c 'labrun status' 2>/dev/null").output == "status"


def test_what_makes_no_sense_inside_is_refused(echoing):
    framed = echoing.run("labrun reset")

    assert framed.exit == 2
    assert "leave it with `exit` first" in framed.output


def test_a_command_that_cannot_be_run_is_an_answer_and_not_the_end(echoing):
    framed = echoing.run("labrun answer $(printf 'x%.0s' $(seq 1 60000))")

    assert echoing.run("echo still here").output == "still here"
    assert framed.exit in (2, 3, 4)


def test_a_long_answer_comes_back_whole():
    code = "for n in range(4000): print(n, '·' * 20)"
    with closing(Terminal(lambda: shell(code))) as terminal:
        lines = terminal.run("labrun status", timeout=60).output.splitlines()

    assert lines == [f"{n} {'·' * 20}" for n in range(4000)]


def test_ctrl_c_ends_the_command_and_leaves_the_shell():
    code = "import time; print('begun', flush=True); time.sleep(60)"
    with closing(Conversation(shell(code))) as typing:
        typing.send("labrun next\n")
        assert typing.expect("begun", 10)
        typing.send("\x03")
        typing.send("echo still $((1+1)) code $?\n")

        assert typing.expect("still 2", 10)


def test_what_is_typed_meanwhile_waits_for_the_shell():
    code = "import time; print('begun', flush=True); time.sleep(0.5); print('done')"
    with closing(Conversation(shell(code))) as typing:
        typing.send("labrun next\n")
        typing.expect("begun", 10)
        typing.send("echo typed $((20+3))\n")

        shown = typing.expect("typed 23", 10)

    assert "done" in shown


SLOW = "import time; print('`touch {}`'); time.sleep(0.3); print('late')"


def test_an_answer_that_nobody_waits_for_runs_nothing(tmp_path):
    mark = tmp_path / "mark"
    with closing(Terminal(lambda: shell(SLOW.format(mark)))) as terminal:
        killed = terminal.run("timeout --foreground 0.1 bash -c 'labrun next'")
        lines = ("sleep 1", "echo quiet", "true")
        after = "\n".join(terminal.run(line).output for line in lines)

    assert killed.exit != 0
    # What was left behind may have said a last word; nothing of it was a command.
    assert "quiet" in after.splitlines()
    assert "command not found" not in after
    assert not mark.exists()


def test_a_reader_that_goes_away_runs_nothing(tmp_path):
    mark = tmp_path / "mark"
    code = f"for n in range(2000): print('line; touch {mark} #')"
    with closing(Terminal(lambda: shell(code))) as terminal:
        head = terminal.run("labrun status | head -1")
        after = terminal.run("sleep 0.5; echo quiet")

    assert head.output == f"line; touch {mark} #"
    assert after.output == "quiet"
    assert not mark.exists()


def test_a_relay_that_was_stopped_types_nothing_that_runs(tmp_path):
    mark = tmp_path / "mark"
    pty = shell(SLOW.format(mark))
    with closing(Conversation(pty)) as typing:
        typing.send("stty -echo; echo ready $((1+1))\n")
        typing.expect("ready 2", 10)
        typing.send(
            "sleep 1.5; labrun next; echo code $?; sleep 0.5; echo done $((2+2))\n"
        )
        time.sleep(0.5)
        os.kill(pty.pid, signal.SIGSTOP)
        time.sleep(6)
        os.kill(pty.pid, signal.SIGCONT)
        shown = typing.expect("done 4", 10)

    assert "code 3" in shown
    assert not mark.exists()


def test_lines_pasted_behind_a_command_are_typed_after_it(echoing):
    with closing(Conversation(shell("print('answered')"))) as typing:
        typing.send(
            "echo one; labrun status\necho two $((1+1))\nlabrun next\necho four $((2+2))\n"
        )

        shown = typing.expect("four 4\n", 15)

    assert "two 2" in shown
    assert shown.count("answered") == 2


def test_without_a_keyboard_the_shell_ends():
    ran = subprocess.run(
        [sys.executable, PROGRAM, "pass"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=20,
    )

    assert ran.returncode == 0


def test_what_is_piped_in_is_typed():
    ran = subprocess.run(
        [sys.executable, PROGRAM, "pass"],
        input=b"echo sum $((40+2)); exit 6\n",
        capture_output=True,
        timeout=20,
    )

    assert b"sum 42" in ran.stdout
    assert ran.returncode == 6


def test_leaving_the_shell_gives_its_exit_code():
    with closing(Conversation(shell("pass"))) as typing:
        typing.send("exit 7\n")

        assert typing.finish(10) == 7


def test_a_program_left_behind_does_not_keep_the_shell_open():
    with closing(Conversation(shell("pass"))) as typing:
        typing.send("setsid --fork sleep 20; echo left $((1+1)); exit 5\n")
        assert typing.expect("left 2", 10)

        assert typing.finish(10) == 5


def test_a_full_screen_program_gets_every_key():
    with closing(Conversation(shell("pass"))) as typing:
        typing.send("cat -v\n")
        typing.send("\x1b[A\n")
        assert typing.expect(r"\^\[\[A\s+\^\[\[A", 10) or typing.expect("A", 1)
        typing.send("\x04")
        typing.send("echo back $((2+2))\n")

        assert typing.expect("back 4", 10)
