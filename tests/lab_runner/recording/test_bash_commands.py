"""The journal of commands of a recorded bash."""

import json
import os
import time

import pytest
from recorded import RC, Shell, ran

from lab_runner.recording import commands


@pytest.fixture
def bash(tmp_path):
    """`bash(env, rc)` opens a recorded bash."""

    def begin(env=None, rc=""):
        (tmp_path / "rc").write_text(RC + rc)
        argv = ["bash", "--rcfile", str(tmp_path / "rc"), "-i"]
        given = {"HISTFILE": str(tmp_path / "history"), **(env or {})}
        return Shell(argv, tmp_path, given, is_recorded=True)

    return begin


def test_each_command_has_its_exit_code_its_folder_and_its_time(bash, tmp_path):
    before = time.time()
    shell = bash()
    shell.run("mkdir -p sub", "cd sub", "sleep 0.2; false", "labrun next")
    shell.leave()

    made, changed, slept, asked = commands.read("lab")
    assert (made.command, made.exit, made.directory) == (
        "mkdir -p sub",
        0,
        str(tmp_path),
    )
    assert (changed.command, changed.directory) == ("cd sub", str(tmp_path))
    assert (slept.exit, slept.directory) == (1, f"{tmp_path}/sub")
    assert before < slept.start <= slept.end - 0.2 < time.time()
    assert (asked.command, asked.exit) == ("labrun next", 0)
    assert (made.machine, made.lab, made.step) == ("here", "lab", "step")


def test_a_command_is_recorded_as_it_was_typed(bash):
    lines = ["printf '%s\\n' 'a\tb' \"ü\" \\\\ $'\\x01'", "for i in 1\rdo :\rdone"]
    long = "echo " + "x" * 4000
    shell = bash()
    # Not the first two keys of it: a tab asks for completion.
    shell.run(lines[0].replace("\t", "\x16\t"), lines[1], long, long + "y" * 1000)
    shell.leave()

    texts = [text for _, text in ran()]
    assert texts[:3] == [lines[0], "for i in 1; do :; done", long]
    assert texts[3].endswith("y…")
    assert (long + "y" * 1000).startswith(texts[3][:-1])


@pytest.mark.parametrize(
    ("settings", "typed", "recorded"),
    [
        ({}, [" echo a", "echo b", "echo b"], [" echo a", "echo b", "echo b"]),
        (
            {"HISTCONTROL": "ignoreboth"},
            ["echo a", "echo a", " echo a", " echo b", "echo a", "!!", "\x1b[A"],
            ["echo a", "echo a", "", "", "echo a", "echo a", "echo a"],
        ),
        (
            # Brought back, and a space put in front: nothing tells it from the same.
            {"HISTCONTROL": "ignoreboth"},
            ["echo a", "\x1b[A\x01 ", "x\x7f echo a", "echo\x7f\x7fho a"],
            ["echo a", "", "", ""],
        ),
        ({"HISTCONTROL": "ignoredups"}, ["echo a", "\x10", "echo a"], ["echo a"] * 3),
        ({"HISTCONTROL": "ignorespace"}, ["echo a", " echo a"], ["echo a", ""]),
        ({"HISTIGNORE": "echo*"}, ["true", "echo a", "true"], ["true", "", "true"]),
        ({"HISTSIZE": "0"}, ["true", "false"], ["", ""]),
        ({"HISTSIZE": "2"}, ["true", "false", ":", "cd"], ["true", "false", ":", "cd"]),
        ({"HISTTIMEFORMAT": "%s "}, ["true", "cd /"], ["true", "cd /"]),
        (
            {},
            ["set +o history", "true", "set -o history", "cd /"],
            ["", "", "", "cd /"],
        ),
        ({}, ["history -c", "true", "history -s other; :"], ["", "true", "other"]),
        ({}, ["shopt -u cmdhist", "for i in 1\rdo :\rdone"], ["", ""]),
    ],
)
def test_a_text_is_recorded_only_where_it_is_sure(bash, settings, typed, recorded):
    shell = bash(settings)
    shell.run(*typed)
    shell.leave()

    assert [text for _, text in ran()] == recorded


def test_lines_that_other_shells_add_to_the_history_are_not_taken_for_commands(
    bash, tmp_path
):
    shell = bash(
        {"HISTCONTROL": "ignoreboth", "PROMPT_COMMAND": "history -a; history -n"}
    )
    for line in (" echo hidden", "echo known"):
        with (tmp_path / "history").open("a") as history:
            history.write("echo from another shell\n")
        shell.run("true", line)
    shell.leave()

    texts = [text for _, text in ran()]
    assert "echo from another shell" not in texts
    assert texts[:2] == ["true", ""]


def test_keys_typed_ahead_are_no_sign_of_how_a_line_begins(bash):
    shell = bash({"HISTCONTROL": "ignoreboth"})
    shell.run("echo a")
    shell.type("sleep 0.3\r", "sleep 0.3\r\n")
    shell.type(" ")
    shell.run("echo a")
    shell.leave()

    assert [text for _, text in ran()] == ["echo a", "sleep 0.3", ""]


def test_an_empty_line_and_a_line_given_up_are_no_commands(bash):
    shell = bash()
    shell.run("", "", "true")
    shell.type("given up\x03")
    shell.leave()

    assert ran() == [(0, "true")]


def test_a_shell_in_the_shell_is_recorded_too(bash):
    shell = bash()
    shell.type("bash --norc\r", r"bash-\S+[$#] ")
    shell.type("cd /\r", r"bash-\S+[$#] ")
    shell.type("(exit 3)\r", r"bash-\S+[$#] ")
    shell.run("exit 4")
    shell.leave()

    assert ran() == [(4, "bash --norc"), (0, "cd /"), (3, "(exit 3)")]


def test_an_exit_code_that_startup_files_hide_is_not_made_up(bash):
    shell = bash(rc='PROMPT_COMMAND="true; $PROMPT_COMMAND"\n')
    shell.run("false", "cd /")
    shell.leave()

    assert ran() == [(None, "false"), (None, "cd /")]


@pytest.mark.parametrize("rc", ["PROMPT_COMMAND=true\n", "unset PS0\n"])
def test_a_shell_that_does_not_tell_its_commands_has_no_journal(bash, rc):
    shell = bash(rc=rc)
    shell.run("true")
    shell.leave()

    assert ran() == []


def test_killed_at_any_time_what_was_recorded_is_whole(bash, tmp_path):
    shell = bash()
    shell.run("true", "echo shown")
    shell.terminal.send("seq 1000000\r")
    shell.terminal.expect("5000")
    os.kill(shell.terminal.pid, 9)

    (cast,) = (tmp_path / "state/recordings/lab").glob("*.cast")
    lines = cast.read_text().split("\n")
    header, *events = map(json.loads, lines[:-1])
    assert header["version"] == 2
    assert "shown" in "".join(text for _, _, text in events)
    assert lines[-1] == ""
    assert ran() == [(0, "true"), (0, "echo shown")]
