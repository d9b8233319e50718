import os
import pwd
from pathlib import Path

import pytest

from lab_runner.journal import Event, Journal
from lab_runner.state import state_folder


def test_the_environment_decides_first(monkeypatch):
    monkeypatch.setenv("LABRUN_STATE_DIR", "/some/where")

    assert state_folder().path == Path("/some/where")


def test_otherwise_it_is_the_xdg_state_directory(monkeypatch):
    monkeypatch.delenv("LABRUN_STATE_DIR")
    monkeypatch.delenv("SUDO_UID", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", "/x/state")

    assert state_folder().path == Path("/x/state/labrun")


def test_without_any_it_lies_in_the_home(monkeypatch):
    monkeypatch.delenv("LABRUN_STATE_DIR")
    monkeypatch.delenv("SUDO_UID", raising=False)
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.setenv("HOME", "/home/ada")

    assert state_folder().path == Path("/home/ada/.local/state/labrun")


@pytest.mark.real
def test_under_sudo_it_stays_the_learners(monkeypatch, tmp_path):
    nobody = pwd.getpwnam("nobody")
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.setenv("LABRUN_STATE_DIR", str(tmp_path / "a" / "b"))
    monkeypatch.setenv("SUDO_UID", str(nobody.pw_uid))
    assert os.geteuid() == 0, "this test runs as root"

    journal = Journal(state_folder())
    journal.append([Event("hint", "lab", "digest")])

    for path in (tmp_path / "a", tmp_path / "a" / "b", journal.path):
        assert path.stat().st_uid == nobody.pw_uid, path


@pytest.mark.real
def test_under_sudo_the_home_is_that_of_the_one_who_called_it(monkeypatch):
    daemon = pwd.getpwnam("daemon")
    monkeypatch.delenv("LABRUN_STATE_DIR")
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.setenv("SUDO_UID", str(daemon.pw_uid))

    assert state_folder().path == Path(daemon.pw_dir) / ".local/state/labrun"
