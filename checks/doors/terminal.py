"""The terminal door: conversations with programs that want a terminal (pexpect).

A shell that timed out is never used again: its late answer would be taken for the
answer to the next command. Each command is framed by a prompt that nothing else prints
and that carries the exit code.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pexpect
from pexpect import fdpexpect

from checks.doors.pty import Pty
from checks.errors import TimedOut, Unreachable

if TYPE_CHECKING:
    from checks.patterns import Pattern

WIDTH, HEIGHT = 120, 50
# ECMA-48: control sequences, operating system commands, the short escapes.
ANSI = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"
    r"|\x1b[ -/]*[0-Z\\^-~]|\r+(?=\n)"
)
UNFINISHED = re.compile(r"(?:\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*\x1b?|[ -/]*)|\r+)\Z")


@dataclass(frozen=True, slots=True)
class Framed:
    """A command's exit code and what it printed, without escapes.

    Of a line that was written over, such as a progress bar, its last state is kept.
    """

    exit: int
    output: str


class Conversation:
    """A program on a terminal: wait for a text, send a line, wait for its end."""

    def __init__(self, pty: Pty, size: tuple[int, int] = (HEIGHT, WIDTH)) -> None:
        self._pty = pty
        pty.resize(*size)
        pty.mute()
        self._expecter = _Plain(
            pty.master, encoding="utf-8", codec_errors="replace", use_poll=True
        )

    def expect(self, pattern: str | Pattern, timeout: float) -> str | None:
        """Wait for a regular expression; None when it does not come in time.

        Returns what was printed before and including the match. Escape sequences and
        the carriage returns of line ends are taken away before the pattern looks. What
        an author wrote is given as a Pattern, whose search ends.
        """
        patterns = [_searchable(pattern), pexpect.EOF, pexpect.TIMEOUT]
        if self._expecter.expect_list(patterns, timeout=timeout) != 0:
            return None
        matched: str = self._expecter.before + self._expecter.after
        return matched

    @property
    def pending(self) -> str:
        """What was printed and has not been matched."""
        return self._expecter.before or ""

    @property
    def ended(self) -> bool:
        """Whether the terminal is closed on the program's side."""
        return bool(self._expecter.flag_eof)

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(self._expecter.match.groups())

    def send(self, text: str) -> None:
        with suppress(OSError):  # the program has ended; the next expect says so
            self._expecter.send(text)

    def finish(self, timeout: float) -> int:
        """Read to the end of the output and return the program's exit code."""
        if self._expecter.expect([pexpect.EOF, pexpect.TIMEOUT], timeout=timeout) == 1:
            raise TimedOut(f"the program did not end within {timeout:.3g} s")
        return self._pty.wait(timeout)

    def close(self) -> None:
        self._pty.close()


class Terminal:
    """A POSIX shell on a terminal, replaced whenever it can no longer be trusted."""

    def __init__(
        self, start: Callable[[], Pty], size: tuple[int, int] = (HEIGHT, WIDTH)
    ) -> None:
        self._start = start
        self._size = size
        self._shell: Conversation | None = None
        self._token = ""

    def run(self, command: str, timeout: float = 10.0) -> Framed:
        """Type a command and wait for the prompt after it.

        Raises TimedOut, or Unreachable when the shell ends; either way the next
        command gets a new shell.
        """
        shell = self._shell or self._open(timeout)
        shell.send(f"{{ {command}\n}}\n")
        output = shell.expect(self._prompt, timeout)
        if output is None:
            said, ended = shell.pending, shell.ended
            self.close()
            if ended:
                raise Unreachable(f"the shell ended during `{command}`: {said[-200:]}")
            raise TimedOut(f"`{command}` did not end within {timeout:.3g} s")
        printed = output[: output.rfind(f"<{self._token}:")]
        return Framed(int(shell.groups[0]), _settled(printed.removesuffix("\n")))

    def leave(self, timeout: float = 10.0) -> None:
        """Type `exit`: unlike hanging up, that leaves jobs in the background running."""
        if self._shell is not None:
            self._shell.send("exit\n")
            with suppress(TimedOut):
                self._shell.finish(timeout)

    def close(self) -> None:
        if self._shell is not None:
            self._shell.close()
            self._shell = None

    @property
    def _prompt(self) -> str:
        return rf"<{self._token}:(\d+)>"

    def _open(self, timeout: float) -> Conversation:
        self._token = secrets.token_hex(8)
        shell = self._shell = Conversation(self._start(), self._size)
        # Said to the shell: its terminal may lie behind another one (`labrun shell`).
        shell.send("stty -echo; PS2=; PROMPT_COMMAND=\n")
        shell.send("bind 'set enable-bracketed-paste off' 2>/dev/null\n")
        shell.send(f"PS1='<{self._token}:$?>'\n")
        if shell.expect(self._prompt, timeout) is None:
            said = shell.pending
            self.close()
            raise TimedOut(f"no shell answered within {timeout:.3g} s: {said[-200:]}")
        return shell


def _searchable(pattern: str | Pattern) -> re.Pattern[str] | Pattern:
    return re.compile(pattern, re.MULTILINE) if isinstance(pattern, str) else pattern


def _settled(text: str) -> str:
    """Keep what a terminal would still show of lines that were written over."""
    return "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))


class _Plain(fdpexpect.fdspawn):  # type: ignore[misc]  # pexpect has no types
    """A terminal read without escapes, also where one arrives in two pieces."""

    _unfinished = ""

    def read_nonblocking(self, size: int = 1, timeout: float | None = -1) -> str:
        text: str = self._unfinished + super().read_nonblocking(size, timeout)
        cut = UNFINISHED.search(text)
        end = cut.start() if cut else len(text)
        self._unfinished = text[end:]
        return ANSI.sub("", text[:end])
