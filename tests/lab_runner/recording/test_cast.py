"""The recording of a terminal."""

import json
import os
import stat

import pytest
from recorded import RC, Shell

from lab_runner.recording import asciicast, commands, recorder
from lab_runner.recording.asciicast import Cast
from lab_runner.recording.lines import Lines
from lab_runner.state import StateFolder


@pytest.fixture
def lines(tmp_path):
    return Lines(tmp_path / "x.cast", StateFolder(tmp_path))


def read(path):
    header, *events = map(json.loads, path.read_text().splitlines())
    return header, [tuple(event[1:]) for event in events]


def test_the_header_says_what_was_recorded(lines):
    Cast(lines, (24, 80), "A lab", {"SHELL": "bash", "TERM": "xterm"}).close()

    header, events = read(lines.path)
    assert header.pop("timestamp") > 1_700_000_000
    assert header == {
        "version": 2,
        "width": 80,
        "height": 24,
        "title": "A lab",
        "env": {"SHELL": "bash", "TERM": "xterm"},
    }
    assert events == []


def test_a_character_that_comes_in_pieces_is_one(lines):
    cast = Cast(lines, (24, 80), "", {})
    for byte in "é✔".encode():
        cast.output(bytes([byte]))
    cast.output(b"\xff\xe2\x9c")
    cast.close()

    assert "".join(text for _, text in read(lines.path)[1]) == "é✔\ufffd\ufffd"


def test_a_new_size_is_an_event_and_the_same_one_is_none(lines):
    cast = Cast(lines, (24, 80), "", {})
    cast.resize(24, 80)
    cast.resize(40, 100)
    cast.close()

    assert read(lines.path)[1] == [("r", "100x40")]


def test_it_ends_with_a_word_when_it_is_full(lines, monkeypatch):
    monkeypatch.setattr(asciicast, "LIMIT", asciicast.ROOM + 1000)
    cast = Cast(lines, (24, 80), "", {})
    for _ in range(1000):
        cast.output(b"x" * 100)
    cast.close()

    events = read(lines.path)[1]
    assert events[-1] == ("o", asciicast.FULL)
    assert len(events) < 20


def test_a_disk_that_is_full_leaves_whole_lines(tmp_path):
    whole = Lines(tmp_path / "lines", StateFolder(tmp_path))
    whole.append("one")
    os.close(whole._file)
    whole._file = os.open("/dev/full", os.O_WRONLY)
    whole.append("two")

    assert whole.fault == "No space left on device"
    assert whole.path.read_text() == "one\n"


def test_only_the_learner_may_read_it():
    begun = recorder.begin("lab", "local", lambda: "", size=(24, 80), title="", env={})
    begun.close()

    files = list(commands.folder_of("lab").path.iterdir())
    assert {path.suffix for path in files} == {".cast", ".jsonl"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_what_is_typed_unseen_is_not_in_it(tmp_path):
    (tmp_path / "rc").write_text(RC)
    argv = ["bash", "--rcfile", str(tmp_path / "rc"), "-i"]
    shell = Shell(argv, tmp_path, is_recorded=True)
    shell.type("read -sp 'Password: ' word\r", "Password: ")
    shell.run("a secret", "echo ${#word}")
    shell.terminal.setwinsize(30, 90)
    shell.wait()  # the prompt is shown again
    shell.leave()

    files = list((tmp_path / "state/recordings/lab").iterdir())
    (cast,) = (path for path in files if path.suffix == ".cast")
    _, events = read(cast)
    assert all("secret" not in path.read_text() for path in files)
    assert ("r", "90x30") in events
    # Byte for byte what the learner saw, and no mark of ours.
    assert "".join(text for kind, text in events if kind == "o") == shell.shown
    assert "7337" not in shell.shown


def test_commands_of_a_lab_are_read_from_all_its_recordings():
    folder = commands.folder_of("lab")
    for name, start in (("b", 1.0), ("a", 2.0)):
        lines = Lines(folder.make() / f"{name}.commands.jsonl", folder)
        command = commands.Command(name, 0, "/", start, start, "local", "lab", "s")
        commands.write(lines, command)
        lines.close()
    with (folder.path / "a.commands.jsonl").open("a") as file:
        file.write('[1]\n{"command": "cut')

    assert [each.command for each in commands.read("lab")] == ["b", "a"]


def test_a_lab_without_recordings_has_no_commands():
    assert commands.read("never") == []
