"""Doors to the sshd of a test, and what they leave on this host."""

import tempfile
import time
from contextlib import closing, contextmanager
from pathlib import Path

from checks.doors.ssh.folder import PREFIX
from checks.doors.ssh.server import Server
from checks.errors import CheckError


@contextmanager
def door_to(url, seconds=10):
    """A door whose connection has been waited for, if there is one."""
    with closing(Server(url)) as door:
        door.allow(seconds)
        yield door


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
    """How many connections to servers are open."""
    return len(found("ssh -oStrictHostKeyChecking"))


def found(command):
    lines = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            line = b" ".join(words).decode(errors="replace").strip()
            lines += (
                [line] if line.removeprefix("/usr/bin/").startswith(command) else []
            )
    return lines


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
