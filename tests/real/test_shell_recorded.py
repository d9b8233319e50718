"""The recorded shell on a lab machine, where nothing of labrun is installed."""

import json
import os
import pwd
import stat
import sys
from pathlib import Path

import pexpect
import pytest
from machines import until

import labs
from lab_runner.cli.main import main
from lab_runner.recording import commands

pytestmark = pytest.mark.real


@pytest.fixture
def shell(lab_machine, tmp_path, monkeypatch):
    """`shell()` opens the shell of the tiny lab on a lab machine."""
    name, _ = lab_machine()
    folder = labs.write(tmp_path, labs.TINY)
    assert main(["start", str(folder / "lab.md"), "--on", name]) == 0
    prompt = rf"root@{name}:\S*# "

    def begin(*options):
        argv = ["-m", "lab_runner", "shell", *options]
        terminal = pexpect.spawn(sys.executable, argv, timeout=20, encoding="utf-8")
        terminal.expect(prompt)

        def run(keys, until=prompt):
            terminal.send(keys)
            terminal.expect(until)
            return terminal.before

        return terminal, run

    return begin


def recorded(state):
    (cast,) = state.glob("recordings/*/*.cast")
    (lab,) = {path.name for path in state.glob("recordings/*")}
    return cast, [(each.command, each.exit) for each in commands.read(lab)]


def test_a_session_on_a_lab_machine_is_recorded(shell, tmp_path):
    terminal, run = shell()
    # As it came: the machine's own bash, its history, its prompt.
    assert "tmp" in run("cd /tmp && ls -d /tmp\r")
    run("false\r")
    run("labrun next\r")
    run("sleep 300\r", "sleep 300\r\n")
    run("\x1a")
    assert "Stopped" in run("jobs\r")
    run("kill %1\r")
    terminal.setwinsize(40, 100)
    run("")  # the prompt is shown again
    assert "40 100" in run("stty size\r")
    run("bash\r")
    run("cd /\r")
    run("exit\r")
    terminal.send("exit 6\r")
    terminal.expect(pexpect.EOF)
    terminal.close()

    cast, ran = recorded(tmp_path / "state")
    assert terminal.exitstatus == 6
    assert ran == [
        ("cd /tmp && ls -d /tmp", 0),
        ("false", 1),
        ("labrun next", 1),
        ("sleep 300", 148),
        ("jobs", 0),
        ("kill %1", 0),
        ("stty size", 0),
        ("bash", 0),
        ("cd /", 0),
    ]
    header, *events = map(json.loads, cast.read_text().splitlines())
    assert (header["width"], header["height"]) == (80, 24)
    assert [text for _, kind, text in events if kind == "r"] == ["100x40"]
    assert "7337" not in cast.read_text()


def test_under_sudo_the_recording_is_the_learners(shell, tmp_path, monkeypatch):
    nobody = pwd.getpwnam("nobody")
    monkeypatch.setenv("SUDO_UID", str(nobody.pw_uid))
    terminal, run = shell()
    run("true\r")
    until(lambda: recorded(tmp_path / "state")[1], "the command is not recorded")
    os.kill(terminal.pid, 9)

    cast, ran = recorded(tmp_path / "state")
    made = [cast, cast.parent, cast.parent.parent, *cast.parent.glob("*.jsonl")]
    assert ran == [("true", 0)]
    assert {path.stat().st_uid for path in made} == {nobody.pw_uid}
    assert stat.S_IMODE(cast.stat().st_mode) == 0o600
    assert [json.loads(line) for line in cast.read_text().splitlines()]


def test_without_recording_the_machine_hears_nothing_of_it(shell, tmp_path):
    terminal, run = shell("--no-record")
    shown = run("env | grep -c -e ^PS0 -e ^PROMPT_COMMAND -e ^LABRUN_PROMPT\r")
    terminal.sendline("exit")
    terminal.expect(pexpect.EOF)

    assert "\n0\r\n" in shown.replace("\x1b[?2004l\r", "")
    assert not Path(tmp_path / "state/recordings").exists()
