"""The program as it is started, where the locale knows few letters."""

import json
import os
import subprocess
import sys

import pytest

import labs


@pytest.fixture
def labrun(tmp_path):
    folder = labs.write(tmp_path, "# Caf\u00e9 \N{PARTY POPPER}\n\n## Cook\n")
    env = {
        **os.environ,
        "LABRUN_LABS": str(folder.parent),
        "LABRUN_STATE_DIR": str(tmp_path / "state"),
        "PYTHONIOENCODING": "ascii",
    }

    def run(*argv):
        command = [sys.executable, "-m", "lab_runner", *argv]
        return subprocess.run(command, env=env, capture_output=True, timeout=60)

    return run


def test_letters_that_cannot_be_printed_are_named(labrun):
    done = labrun("list")

    assert done.returncode == 0, done.stderr
    assert rb"Caf\xe9 \U0001f389" in done.stdout


def test_json_is_whole_in_any_locale(labrun):
    (lab,) = json.loads(labrun("list", "--json").stdout)["labs"]

    assert lab["title"] == "Caf\u00e9 \N{PARTY POPPER}"
