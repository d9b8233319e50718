import os
import sys

import pytest

from lab_runner.errors import MachineError
from lab_runner.machines import host


def test_a_command_gives_its_output():
    assert host.run(["cat"], given="typed") == "typed"


def test_a_command_that_fails_is_named_with_what_it_said():
    with pytest.raises(MachineError) as failed:
        host.run(["sh", "-c", "echo no such thing >&2; echo more >&2; exit 3"])

    assert failed.value.message.endswith("failed: no such thing")


def test_a_command_that_is_not_there_is_named():
    with pytest.raises(MachineError, match="there is no `no-such-tool` on this host"):
        host.run(["no-such-tool"])


def test_all_missing_programs_are_named_at_once_with_one_line_that_installs_them():
    tools = {"no-such-a": "package-a", "no-such-b": "package-b", "sh": "dash"}

    with pytest.raises(MachineError) as refused:
        host.require_tools(tools)

    assert "`no-such-a`, `no-such-b`" in refused.value.message
    assert refused.value.remedy == "sudo apt-get install -y package-a package-b"


def test_a_file_is_found_as_well_as_a_program(tmp_path):
    keyring = tmp_path / "keyring.gpg"
    keyring.touch()
    tools = {str(keyring): "there", str(tmp_path / "other.gpg"): "not-there"}

    assert host.missing_tools(tools) == {str(tmp_path / "other.gpg"): "not-there"}


def test_who_is_not_root_is_given_the_command_to_repeat(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(sys, "argv", ["/opt/labrun", "machine", "up", "lab"])

    with pytest.raises(MachineError) as refused:
        host.require_root()

    assert refused.value.message == "lab machines need root"
    assert refused.value.remedy == "sudo /opt/labrun machine up lab"


def test_a_watched_command_is_heard_line_by_line_and_has_a_terminal():
    heard = []
    script = "test -t 2 && echo terminal; printf 'one\\rtwo\\nthree'; exit 4"

    code = host.watch(["sh", "-c", script], heard.append, {})

    assert code == 4
    assert [line for line in heard if line] == ["terminal", "one", "two", "three"]
