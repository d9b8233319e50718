"""Doors to the sshd of a test, and what they leave on this host."""

import tempfile
import time
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from checks.doors.ssh.folder import PREFIX
from checks.doors.ssh.server import Server
from checks.errors import CheckError


@contextmanager
def door_to(url, seconds=10):
    """A door whose connection has been waited for, if there is one."""
    with closing(Server(url)) as door:
        door.allow(seconds)
        yield door


@contextmanager
def open_folder():
    """A folder that every user may enter, which those of pytest are not.

    Its name is short, as the path of a unix socket has to be.
    """
    with tempfile.TemporaryDirectory(prefix="t-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@contextmanager
def own_temporary_folder():
    """Keep connections out of the folder where other tests have theirs."""
    with open_folder() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(folder))
        patch.setattr(tempfile, "tempdir", str(folder))
        yield


def folders():
    """The private folders of connections that are there now."""
    return set(Path(tempfile.gettempdir()).glob(f"{PREFIX}*"))


def outcome(ask):
    """What was answered, or the error and its words, without an errno's decoration."""
    try:
        return ask()
    except (CheckError, OSError) as error:
        return type(error), getattr(error, "message", ""), getattr(error, "remedy", "")


def clients():
    """How many connections to servers are open that use this temporary folder."""
    return sum(f" {tempfile.gettempdir()}/" in line for line in found("ssh "))


def found(command):
    """The command lines among this host's processes that begin so."""
    lines = [_command_line(entry) for entry in Path("/proc").glob("[0-9]*/cmdline")]
    return [
        line for line in lines if line.removeprefix("/usr/bin/").startswith(command)
    ]


def _command_line(path):
    try:
        return path.read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:  # it has ended meanwhile
        return ""


def runs(command):
    """Tell whether a command line is still among the processes after 2 s."""
    return not gone(lambda: found(command))


def gone(is_there):
    for _ in range(40):
        if not is_there():
            return True
        time.sleep(0.05)
    return False


def wait_until(holds):
    for _ in range(200):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("it never came about")
