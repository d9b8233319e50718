import time

import pytest

from checks.doors import terminal
from checks.doors.terminal import Conversation, Framed, Terminal
from checks.errors import TimedOut, Unreachable


@pytest.fixture
def talk(local):
    talks = []

    def talk(script):
        talks.append(Conversation(local.spawn(["sh", "-c", script])))
        return talks[-1]

    yield talk
    for each in talks:
        each.close()


@pytest.fixture(params=[["bash", "--norc"], ["sh"]], ids=["bash", "sh"])
def shell(request, local):
    shell = Terminal(lambda: local.spawn(request.param))
    yield shell
    shell.close()


def test_a_question_is_waited_for_and_answered(talk):
    program = talk("printf 'name: '; read n; echo hello $n; exit 3")

    assert program.expect("name: $", 5) == "name: "
    program.send("ann\n")

    assert program.expect(r"^hello (\w+)$", 5)
    assert program.groups == ("ann",)
    assert program.finish(5) == 3


def test_what_is_sent_is_not_taken_for_an_answer(talk):
    program = talk("read a; echo one; read b; echo two")
    program.send("yes\n")
    program.send("yes\n")

    assert program.expect("two", 5) == "one\ntwo"


def test_what_does_not_come_is_nothing_and_what_came_is_kept(talk):
    program = talk("echo something else; sleep 60")

    assert program.expect("name", 0.3) is None
    assert program.pending == "something else\n"


def test_the_end_of_the_program_is_seen_at_once(talk):
    program = talk("echo bye")
    began = time.monotonic()

    assert program.expect("name", 20) is None
    assert time.monotonic() - began < 5
    assert program.pending == "bye\n"


def test_sending_to_a_program_that_has_ended_is_no_error(talk):
    program = talk("exit 4")
    program.expect("never", 5)

    program.send("hello\n")

    assert program.finish(5) == 4


def test_a_program_that_does_not_end_times_out(talk):
    program = talk("sleep 60")

    with pytest.raises(TimedOut, match=r"did not end within 0.2 s"):
        program.finish(0.2)


@pytest.mark.parametrize(
    "escape",
    [
        r"\033[01;32m",
        r"\033[?2004h",
        r"\033[6n",
        r"\033]0;title\007",
        r"\033]8;;http://host\033\\",
        r"\033(B",
        r"\033=",
    ],
)
def test_a_pattern_meets_text_without_escapes(talk, escape):
    program = talk(f"printf 'a{escape}b\\n'; sleep 60")

    assert program.expect("^ab$", 5) == "ab"


def test_an_escape_in_two_pieces_is_taken_away(talk):
    program = talk(r"printf 'a\033['; sleep 0.3; printf '1mb'; sleep 60")

    assert program.expect("ab", 5) == "ab"


def test_a_command_leaves_its_exit_code_and_output(shell):
    assert shell.run("echo hello; false") == Framed(1, "hello")
    assert shell.run("true") == Framed(0, "")


def test_output_without_a_newline_is_whole(shell):
    assert shell.run("printf hello") == Framed(0, "hello")


def test_a_shell_keeps_its_state(shell):
    shell.run("cd /usr; word=kept")

    assert shell.run("pwd; echo $word") == Framed(0, "/usr\nkept")


def test_several_lines_are_one_command(shell):
    assert shell.run("for i in 1 2\ndo\n  echo $i\ndone") == Framed(0, "1\n2")


def test_a_here_document_is_one_command(shell):
    assert shell.run("cat <<END\na\n  b\nEND") == Framed(0, "a\n  b")


def test_a_comment_at_the_end_hides_nothing(shell):
    assert shell.run("echo a # b") == Framed(0, "a")


def test_a_command_may_read_no_more_than_its_own_input(shell):
    assert shell.run("cat </dev/null; echo next") == Framed(0, "next")


def test_a_wrong_command_is_an_exit_code(shell):
    assert shell.run("no-such-program").exit == 127


def test_long_output_is_whole(shell):
    lines = "\n".join(str(n) for n in range(1, 5001))

    assert shell.run("seq 5000") == Framed(0, lines)


def test_after_a_timeout_no_answer_is_late(shell):
    with pytest.raises(TimedOut, match=r"did not end within 0.3 s"):
        shell.run("sleep 0.6; echo LATE", timeout=0.3)

    answers = [shell.run(f"echo {n}").output for n in range(3)]
    time.sleep(0.5)
    answers += [shell.run(f"echo {n}").output for n in range(3, 6)]

    assert answers == ["0", "1", "2", "3", "4", "5"]


def test_after_an_unfinished_command_the_next_is_right(shell):
    with pytest.raises(TimedOut):
        shell.run("echo 'open", timeout=0.3)

    assert shell.run("echo next") == Framed(0, "next")


def test_a_shell_that_ends_is_told_and_replaced(shell):
    with pytest.raises(Unreachable, match="the shell ended during `exit 4`"):
        shell.run("exit 4")

    assert shell.run("echo next") == Framed(0, "next")


def test_each_shell_has_a_frame_of_its_own(shell):
    shell.run("true")
    frame = shell.run("set | grep '^PS1'").output
    shell.close()

    assert shell.run("true") == Framed(0, "")
    assert shell.run("set | grep '^PS1'").output != frame


def test_a_terminal_has_the_size_it_was_given(local):
    shell = Terminal(lambda: local.spawn(["sh"]), size=(30, 70))

    assert shell.run("stty size") == Framed(0, "30 70")
    shell.close()


def test_what_is_no_shell_is_told(local):
    shell = Terminal(lambda: local.spawn(["sh", "-c", "echo closed; sleep 60"]))

    with pytest.raises(TimedOut, match=r"no shell answered within 0.5 s: closed"):
        shell.run("true", timeout=0.5)


def test_the_size_is_that_of_a_wide_terminal_unless_given(talk):
    program = talk("read _; stty size")
    program.send("\n")

    assert program.expect(r"\d+ \d+", 5).endswith(f"{terminal.HEIGHT} {terminal.WIDTH}")


def test_of_a_progress_bar_the_last_state_is_kept(shell):
    output = shell.run(r"printf '10 %%\r50 %%\rdone\nnext\r\n'").output

    assert output == "done\nnext"
