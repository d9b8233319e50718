import os
import time

import pytest

from checks.doors import pty
from checks.errors import TimedOut

ENV = {"PATH": "/usr/bin:/bin"}


@pytest.fixture
def start():
    started = []

    def start(*argv):
        started.append(pty.start(argv, ENV, pty.open_local()))
        return started[-1]

    yield start
    for each in started:
        each.close()


def drain(terminal):
    """Read until the terminal hangs up."""
    said = b""
    try:
        while part := os.read(terminal.master, 1000):
            said += part
    except OSError:
        pass
    return said.decode()


def test_a_program_sees_a_terminal_with_a_name(start):
    assert drain(start("tty")).startswith("/dev/pts/")


def test_a_terminal_controls_its_program(start):
    assert drain(start("sh", "-c", "echo hello >/dev/tty")) == "hello\r\n"


def test_a_terminal_has_a_size(start):
    terminal = start("sh", "-c", "read _; stty size")
    terminal.resize(40, 90)
    terminal.mute()
    os.write(terminal.master, b"\n")

    assert drain(terminal) == "40 90\r\n"


def test_a_muted_terminal_does_not_repeat_what_is_typed(start):
    terminal = start("sh", "-c", "read word; echo got $word")
    terminal.mute()
    os.write(terminal.master, b"it\n")

    assert drain(terminal) == "got it\r\n"


def test_a_program_leaves_its_exit_code(start):
    terminal = start("sh", "-c", "exit 3")

    assert terminal.wait(5) == 3
    assert terminal.poll() == 3


def test_a_signal_is_an_exit_code_above_128(start):
    assert start("sh", "-c", "kill -KILL $$").wait(5) == 137


def test_a_program_that_does_not_end_has_no_exit_code(start):
    terminal = start("sleep", "60")

    with pytest.raises(TimedOut, match=r"did not end within 0.1 s"):
        terminal.wait(0.1)
    assert terminal.poll() is None


def test_closing_ends_a_program_that_ignores_the_hangup(start):
    terminal = start("sh", "-c", "trap '' HUP; echo ready; sleep 60; sleep 60")
    assert os.read(terminal.master, 100) == b"ready\r\n"
    began = time.monotonic()

    terminal.close()
    terminal.close()

    assert terminal.poll() is not None
    assert time.monotonic() - began < 5
