"""A shell as it is, and the same shell recorded, driven by the same keys."""

import os
import re
import sys
from pathlib import Path

import pexpect

from lab_runner.recording import commands

PROGRAM = Path(__file__).parent / "relayed_shell.py"
# The prompt tells what a prompt command could change by mistake.
RC = "PS1='[$? $_ \\!]>> '\n"
PROMPT = r"\]>> "
PROCESS = re.compile(r"(\[\d\][+-]? +)\d+")


class Shell:
    """A shell on a terminal of 24 rows and 80 columns; `shown` is all it has shown."""

    def __init__(self, argv, home, env=None, *, is_recorded):
        if is_recorded:
            argv = [sys.executable, str(PROGRAM), "print('asked')", *argv]
        given = {k: v for k, v in os.environ.items() if not k.startswith("HIST")}
        given |= {"HOME": str(home), "TERM": "xterm", "LC_ALL": "C.UTF-8"}
        self.shown = ""
        self.terminal = pexpect.spawn(
            argv[0], argv[1:], env={**given, **(env or {})}, cwd=str(home), timeout=10
        )
        self.wait()

    def wait(self, pattern=PROMPT):
        self.terminal.expect(pattern.encode())
        self.shown += (self.terminal.before + self.terminal.after).decode()

    def type(self, keys, pattern=PROMPT):
        self.terminal.send(keys)
        self.wait(pattern)

    def run(self, *lines):
        for line in lines:
            self.type(f"{line}\r")

    def leave(self, line="exit"):
        self.terminal.send(f"{line}\r")
        self.terminal.expect(pexpect.EOF)
        self.shown += self.terminal.before.decode()
        self.terminal.close()
        return self.terminal.exitstatus

    @property
    def screen(self):
        """All that was shown, with other process ids than this shell's left out."""
        return PROCESS.sub(r"\1PID", self.shown)


def both(argv, home, env=None):
    """Yield the plain shell and then the recorded one, each with a new home."""
    for is_recorded in (False, True):
        yield Shell(argv, home, env, is_recorded=is_recorded)


def ran():
    """Return what the journal of commands has: exit code and text."""
    return [(each.exit, each.command) for each in commands.read("lab")]
