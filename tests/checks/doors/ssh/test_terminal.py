"""Programs on terminals over there."""

from contextlib import closing

import pytest
from ssh_doors import door_to, runs

from checks.doors.terminal import Conversation, Terminal
from checks.errors import TimedOut

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("ssh")]


def test_a_terminal_over_there_has_a_name_a_size_and_signals(door):
    with closing(Terminal(lambda: door.spawn(["sh"]), (33, 77))) as shell:
        assert shell.run("tty").output.startswith("/dev/pts/")
        assert shell.run("trap 'echo resized' WINCH; stty size").output == "33 77"


def test_what_is_typed_is_not_read_back(door):
    for _ in range(3):
        program = Conversation(door.spawn(["cat"]))
        program.send("once\n")
        assert program.expect("once\n", 5) == "once\n"
        assert program.expect("once", 0.2) is None
        program.close()


@pytest.mark.parametrize(
    ("script", "code"), [("exit 7", 7), ("kill -KILL $$", 137), ("exit 255", 255)]
)
def test_a_program_on_a_terminal_leaves_its_exit_code(door, script, code):
    program = Conversation(door.spawn(["sh", "-c", script]))

    assert program.finish(10) == code
    program.close()


def test_a_program_on_a_terminal_has_the_environment_it_is_given(door):
    program = Conversation(door.spawn(["sh", "-c", 'exit "$CODE"'], env={"CODE": "9"}))

    assert program.finish(10) == 9
    program.close()


def test_a_closed_terminal_leaves_no_program(door):
    terminal = Terminal(lambda: door.spawn(["sh"]))
    with pytest.raises(TimedOut):
        terminal.run("sleep 4713", timeout=0.5)

    assert not runs("sleep 4713")


def test_a_login_is_the_users_own(sshd):
    (sshd.folder / "home/admin/.profile").write_text("FROM=profile\n")
    with (
        door_to(sshd.url("admin")) as door,
        closing(Terminal(lambda: door.login({"GIVEN": "a b"}))) as shell,
    ):
        said = shell.run('echo "$(id -u) $GIVEN $FROM $PWD"').output

    assert said == f"4201 a b profile {sshd.folder}/home/admin"
