import pytest

from lab_runner.recording import commands
from lab_runner.recording.commands import Command
from lab_runner.recording.lines import Lines
from lab_runner.recording.witness import Recorded


@pytest.fixture
def journal(tmp_path, monkeypatch):
    monkeypatch.setenv("LABRUN_STATE_DIR", str(tmp_path))
    folder = commands.folder_of("lab")
    lines = Lines(folder.make() / f"one{commands.SUFFIX}", folder)
    yield lines
    lines.close()


def command(text, machine, start):
    return Command(text, 0, "/", start, start + 1, machine, "lab", "step")


def test_commands_of_one_machine_are_witnessed_oldest_first(journal):
    commands.mark(journal, "web")
    commands.write(journal, command("second", "web", 2.0))
    commands.write(journal, command("first", "web", 1.0))
    commands.write(journal, command("elsewhere", "db", 1.5))

    found = Recorded("lab", "web", 0.0).witnessed("command")

    assert [each["command"] for each in found] == ["first", "second"]


def test_where_a_shell_told_of_itself_nothing_run_is_known_too(journal):
    commands.mark(journal, "web")

    assert Recorded("lab", "web", 0.0).witnessed("command") == []


def test_where_no_shell_told_of_itself_nothing_can_be_said(journal):
    commands.mark(journal, "web")

    assert Recorded("lab", "db", 0.0).witnessed("command") is None
