"""The command as a process: what it writes, and how it ends."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

LABRUN = (sys.executable, "-m", "lab_runner")


def run(*argv, **options):
    return subprocess.run(
        [*LABRUN, *argv], stderr=subprocess.PIPE, text=True, **options
    )


@pytest.mark.parametrize("argv", [["list"], ["list", "--json"]])
def test_output_that_cannot_be_written_is_one_sentence(argv):
    with Path("/dev/full").open("w") as full:
        ran = run(*argv, stdout=full)

    assert ran.returncode == 3
    assert ran.stderr == "labrun: nothing can be written: No space left on device\n"


def test_a_reader_that_has_gone_is_no_error():
    read, write = os.pipe()
    os.close(read)
    ran = run("list", stdout=write)
    os.close(write)

    assert "Traceback" not in ran.stderr


def test_the_version_is_said():
    ran = run("--version", stdout=subprocess.PIPE)

    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "labrun 0.1.0\n", "")


def test_no_command_is_a_question_of_usage():
    ran = run(stdout=subprocess.PIPE)

    assert ran.returncode == 2
    assert "labrun --help" in ran.stderr


def test_ascii_terminals_are_spared_what_they_cannot_show(tmp_path):
    env = {**os.environ, "PYTHONIOENCODING": "ascii", "LABRUN_STATE_DIR": str(tmp_path)}
    ran = run("start", "containerd-and-ctr", stdout=subprocess.PIPE, env=env)

    assert (ran.returncode, ran.stderr) == (0, "")


def test_what_a_machine_cannot_do_is_one_sentence(tmp_path):
    lab = tmp_path / "lab.md"
    lab.write_text("# A lab\n\n## A step\n")
    env = {"LABRUN_STATE_DIR": str(tmp_path), "PATH": "/nowhere"}
    run("start", str(lab), stdout=subprocess.PIPE, env=env)

    ran = run("shell", stdout=subprocess.PIPE, env=env)

    assert ran.returncode == 3
    assert ran.stderr.startswith("labrun: there is no `setsid` on this machine")
