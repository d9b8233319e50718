"""A recorded bash beside one that is not: byte for byte the same on the terminal."""

import re

import pytest
from recorded import RC, Shell

from lab_runner.recording import commands

# Between the end of one line of input and the next prompt (bracketed paste off, on).
OUTPUT = re.compile(r"\x1b\[\?2004l\r(.*?)\x1b\[\?2004h", re.DOTALL)


@pytest.fixture
def home(tmp_path):
    (tmp_path / "rc").write_text(RC)
    (tmp_path / "history").write_text("echo from before\n")
    return tmp_path


@pytest.fixture
def same(home):
    """`same(act)` does the same in both shells and returns what each has shown.

    `seen` takes away what depends on how fast keys come.
    """

    def compare(act, seen=lambda screen: screen, **env):
        screens = []
        for is_recorded in (False, True):
            given = {"HISTFILE": str(home / f"history-{is_recorded}"), **env}
            argv = ["bash", "--rcfile", str(home / "rc"), "-i"]
            shell = Shell(argv, home, given, is_recorded=is_recorded)
            act(shell)
            code = shell.leave("exit 7")
            screens.append((code, seen(shell.screen)))
        plain, recorded = screens
        assert recorded == plain
        assert commands.read("lab")  # it was recorded indeed
        return plain[1]

    return compare


@pytest.mark.parametrize(
    "lines",
    [
        ("false", "true | false", "echo ${PIPESTATUS[@]}", "nothing-like-this"),
        ("echo x y", "echo $_", ":", "echo $? $! $-"),
        ("trap 'echo before $BASH_COMMAND' DEBUG", "true", "cd /", "(true)"),
        ("trap 'echo failed' ERR", "false", "true"),
        ("set -e", "! true", "echo on"),
        ("set -eET; trap 'echo failed' ERR", "! true", "set +e", "false"),
        ("set -x", "true", "set +x"),
        ("set -u", "true"),
        ("alias builtin=false printf=false history=false set=false :=false", "true"),
        ("shopt -s extdebug", "true", "set -o posix", "true"),
        ("PS1='\\[\\e]0;title \\w\\a\\]\\u]>> '", "cd /tmp"),
        ("for i in 1 2; do echo $i; done", "f() { return 3; }; f", "history"),
        ("exec 3>&1; echo three >&3", "exec 3>&-"),
        ("shopt -u promptvars; PS1=']>> '", "true"),
        ("readonly line exit code=5; IFS=0123456789", "true", "cd /", "true"),
    ],
)
def test_what_is_shown(same, lines):
    same(lambda shell: shell.run(*lines))


def test_job_control(same):
    def act(shell):
        shell.run("sleep 300 &", "sleep 301 &", "jobs", "kill %1; sleep 0.2", "jobs")
        shell.type("cat\r", "cat\r\n")
        shell.type("\x1a")
        shell.run("jobs", "bg %2 2>&1 | cat")
        shell.type("fg %3\r", "cat\r\n")
        shell.type("\x04")
        shell.run("kill %2; sleep 0.2", "jobs")

    assert "Stopped" in same(act)


def test_ctrl_c_at_the_prompt_and_in_a_program(same):
    def act(shell):
        shell.type("half a line\x03")
        shell.type("sleep 300\r", "sleep 300\r\n")
        shell.type("\x03")
        shell.run("echo $?")

    assert "[130 " in same(act)


def test_searching_back_and_completing(same):
    def act(shell):
        shell.run("history -s echo wanted", "echo other")
        # A prompt that is new, for a search shows the old one again.
        shell.type("\x12wan\r", r"2004h\[0 wanted 4\]>> ")
        shell.type("\x1b[A\x1b[A\r", r"2004h\[0 other 5\]>> ")
        shell.type("ech\t done\r")

    # How often a search is shown anew depends on how many keys it finds waiting.
    assert same(act, OUTPUT.findall)[-3:] == ["wanted\r\n", "other\r\n", "done\r\n"]


def test_history_is_kept_as_ever(same, home):
    def act(shell):
        shell.run("echo one", " echo two", "echo one", "for i in 1\rdo :\rdone")

    same(act, HISTCONTROL="ignoreboth")

    plain = (home / "history-False").read_text()
    assert (home / "history-True").read_text() == plain
    assert "two" not in plain


def test_resizing(same):
    def act(shell):
        shell.terminal.setwinsize(40, 100)
        shell.wait()  # the prompt is shown again
        shell.run("stty size", "echo $LINES $COLUMNS")

    assert "40 100" in same(act)


def test_a_prompt_command_of_ones_own(same):
    def act(shell):
        shell.run("true", "false", "set -e", "! true", "trap 'echo debug' DEBUG", ":")

    own = 'echo "code $?"; echo again'
    assert "code 1" in same(act, PROMPT_COMMAND=own, PS0="starting\\n")


def test_a_prompt_command_added_by_startup_files(same, home):
    (home / "rc").write_text(
        f"{RC}PROMPT_COMMAND=\"${{PROMPT_COMMAND:+$PROMPT_COMMAND; }}echo code '$?'\"\n"
    )

    assert "code" in same(lambda shell: shell.run("true", "false"))


@pytest.mark.parametrize("pager", ["less", "vi -u NONE -N"])
def test_full_screen_programs(same, home, pager):
    (home / "text").write_text("".join(f"line {n}\n" for n in range(200)))

    def act(shell):
        shell.type(f"{pager} text\r", "line 20")
        shell.type("G", "199")
        shell.terminal.setwinsize(30, 90)
        shell.wait("199")
        shell.type("q" if pager == "less" else ":q\r")
        shell.run("stty -a | head -1 | cut -d';' -f2,3")

    same(act)
