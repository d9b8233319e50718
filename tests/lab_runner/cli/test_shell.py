"""`labrun shell` on the machine at hand, and what it leaves to read."""

import json
import sys

import pexpect
import pytest

from lab_runner.recording import commands


@pytest.fixture
def shell(lab, labrun, tmp_path, monkeypatch):
    """`shell(*options)` opens a recorded bash for the tiny lab, with its greeting."""
    (tmp_path / ".bashrc").write_text("PS1=']>> '\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SHELL", "/bin/bash")
    labrun("start", "tiny")

    def begin(*options):
        argv = ["-m", "lab_runner", "shell", *options]
        terminal = pexpect.spawn(sys.executable, argv, timeout=10, encoding="utf-8")
        terminal.expect(r"\]>> ")
        return terminal

    return begin


def leave(terminal):
    terminal.sendline("exit 3")
    terminal.expect(pexpect.EOF)
    terminal.close()
    return terminal.exitstatus


def test_it_says_what_is_recorded_and_where(shell, tmp_path):
    opened = shell()
    greeting = opened.before
    assert leave(opened) == 3

    (cast,) = (tmp_path / "state/recordings/tiny").glob("*.cast")
    assert str(cast) in greeting
    assert "--no-record" in greeting
    header = json.loads(cast.read_text().splitlines()[0])
    assert header["title"] == "A tiny lab"
    assert header["env"]["SHELL"] == "/bin/bash"


def test_commands_belong_to_the_step_they_were_run_in(shell, lab):
    opened = shell()
    for line in (f"touch {lab}/one", "labrun next", "cd /"):
        opened.sendline(line)
        opened.expect(r"\]>> ")
    leave(opened)

    assert [(each.command, each.exit, each.step) for each in commands.read("tiny")] == [
        (f"touch {lab}/one", 0, "make"),
        ("labrun next", 0, "make"),
        ("cd /", 0, "about"),
    ]


def test_nothing_is_recorded_when_that_is_asked_for(shell, tmp_path):
    opened = shell("--no-record")
    greeting = opened.before
    opened.sendline("echo ${PS0-none} ${PROMPT_COMMAND-none}")
    opened.expect("none none")
    leave(opened)

    assert "Nothing is recorded" in greeting
    assert not (tmp_path / "state/recordings").exists()


def test_a_shell_that_cannot_be_opened_leaves_no_recording(lab, labrun, tmp_path):
    labrun("start", "tiny")

    assert labrun("shell", "--on", "nowhere")[0] == 3
    assert not (tmp_path / "state/recordings").exists()


def test_a_shell_that_cannot_tell_its_commands_is_said_to(shell, tmp_path):
    with (tmp_path / ".bashrc").open("a") as rc:
        rc.write("PROMPT_COMMAND=\n")
    opened = shell()
    leave(opened)

    assert "did not tell its commands" in opened.before


def test_history_lists_what_was_run(shell, labrun, report):
    opened = shell()
    opened.sendline("false")
    opened.expect(r"\]>> ")
    leave(opened)

    _, out, _ = labrun("history")
    code, listed = report("history", "--lab", "tiny")
    assert out.splitlines()[1].endswith("false")
    assert (code, listed["lab"]) == (0, "tiny")
    assert [(each["command"], each["exit"]) for each in listed["commands"]] == [
        ("false", 1)
    ]
