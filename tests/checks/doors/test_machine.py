import time

import pytest

from checks.doors.machine import PATH
from checks.errors import TimedOut


class Connection:
    """What a check keeps between runs; counts how often it is closed."""

    closed = 0

    def close(self):
        self.closed += 1


def test_programs_are_found_where_the_learner_and_root_find_them(local, monkeypatch):
    monkeypatch.setenv("PATH", "/opt/bin:/usr/bin:relative::/usr/bin")

    assert local.search_path == ("/opt/bin", "/usr/bin", "/usr/sbin", "/sbin")


def test_without_a_path_programs_are_found_in_the_usual_places(local, monkeypatch):
    monkeypatch.delenv("PATH")

    assert local.search_path == tuple(PATH.split(":"))


def test_programs_answer_in_a_language_that_can_be_read(local, monkeypatch):
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")

    assert local.run(["sh", "-c", "echo $LC_ALL"]).stdout == "C.UTF-8\n"


def test_a_program_may_take_what_the_check_may_take(local):
    local.allow(0.2)

    with pytest.raises(TimedOut, match="`sleep 60` did not end"):
        local.run(["sleep", "60"])


def test_a_check_has_ten_seconds_unless_told_otherwise(local):
    assert local.remaining() == 10


def test_the_time_of_a_check_runs_down(local):
    local.allow(5)
    time.sleep(0.01)

    assert 4 < local.remaining() < 5


def test_when_the_time_is_used_up_nothing_more_is_asked(local):
    local.allow(0)

    with pytest.raises(TimedOut, match="time allowed for this check is used up") as no:
        local.run(["true"])

    assert "`timeout:`" in no.value.remedy


def test_a_connection_is_made_once(local):
    first = local.keep("a", Connection)

    assert local.keep("a", Connection) is first
    assert local.keep("b", Connection) is not first


def test_a_forgotten_connection_is_closed_and_made_anew(local):
    first = local.keep("a", Connection)

    local.forget("a")
    local.forget("a")

    assert first.closed == 1
    assert local.keep("a", Connection) is not first


def test_closing_a_machine_closes_its_connections(local):
    kept = local.keep("a", Connection)

    local.close()
    local.close()

    assert kept.closed == 1


def test_a_terminal_takes_the_environment_it_is_given(local):
    terminal = local.spawn(["sh", "-c", 'exit "$CODE"'], env={"CODE": "7"})

    assert terminal.wait(5) == 7
    terminal.close()
