from datetime import UTC

from lab_runner.recording.commands import Command
from lab_runner.report import history
from lab_runner.report.style import Style

RAN = Command("ls\n-l", 0, "/root", 1.5, 2.25, "lab", "tiny", "make")
UNSURE = Command("", None, "/", 3.0, 4.0, "lab", "tiny", "make")


def test_commands_are_listed_with_when_and_where_they_ran():
    assert history.table([RAN, UNSURE], Style(), UTC).splitlines() == [
        "TIME                 EXIT  DIRECTORY  COMMAND",
        "1970-01-01 00:00:01  0     /root      ls␊-l",
        "1970-01-01 00:00:03  -     /          -",
    ]


def test_no_commands_are_said_to_be_none():
    assert "labrun shell" in history.table([], Style())


def test_programs_get_the_times_in_utc_and_the_text_as_it_is():
    assert history.fields(RAN) == {
        "command": "ls\n-l",
        "exit": 0,
        "directory": "/root",
        "start": "1970-01-01T00:00:01.500+00:00",
        "end": "1970-01-01T00:00:02.250+00:00",
        "machine": "lab",
        "lab": "tiny",
        "step": "make",
    }
