"""The kind `dialogue`: a scripted conversation with a program on a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from checks.doors.machine import Machine
from checks.doors.terminal import Conversation
from checks.errors import SpecError, TimedOut, at
from checks.host.wording import excerpt
from checks.matchers import Matcher, check_pattern
from checks.patterns import Pattern
from checks.verdict import Verdict, failed, passed
from checks.vocabulary import check_numbers

SHOWN_LINES, COMMAND_LENGTH = 3, 60


@dataclass(frozen=True, slots=True)
class Exchange:
    """A line of the script: a text to wait for, then a line to send, or one of them."""

    expect: str | None = None
    """A regular expression to wait for."""
    send: str | None = None
    """A line to type then; the newline is added."""

    def __post_init__(self) -> None:
        if self.expect is None and self.send is None:
            raise SpecError("needs `expect` or `send`")
        with at("expect"):
            check_pattern(self.expect or "")


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A conversation with a program that wants a terminal.

        - dialogue: ctr run --rm -t docker.io/library/busybox:latest check sh
          script:
            - {expect: "# $", send: echo $((6*7))}
            - {expect: ^42$, send: exit}
          exit: 0

    What was printed before an answer came is not looked at again, and colours and the
    like are taken away before. A program of its own terminal repeats what it is sent,
    so expect an answer that differs from the question, as above. The whole conversation
    may take as long as the check.
    """

    FACTS: ClassVar = ("exit",)

    dialogue: str
    """The command line that is started on a terminal."""
    script: tuple[Exchange, ...]
    """What to wait for and what to type, in turns."""
    exit: Matcher | None = None
    """The exit code in the end; without this key the program may still be running, and
    is hung up on."""

    def __post_init__(self) -> None:
        if self.exit is None and all(line.expect is None for line in self.script):
            remedy = "give a line of the script `expect`, or the dialogue `exit`"
            raise SpecError("`dialogue` expects nothing", remedy, path=("script",))
        check_numbers("exit", self.exit)

    def run(self, machine: Machine) -> Verdict:
        path = ":".join(machine.search_path)
        env = {"TERM": "dumb", "LC_ALL": "C.UTF-8", "PATH": path}
        program = machine.spawn(["sh", "-c", self.dialogue], env=env)
        conversation = Conversation(program)
        try:
            return self._follow(conversation, machine)
        finally:
            conversation.close()

    def _follow(self, conversation: Conversation, machine: Machine) -> Verdict:
        for number, line in enumerate(self.script, 1):
            if line.expect is not None:
                wanted = Pattern(line.expect)
                heard = conversation.expect(wanted, machine.remaining())
                if heard is None:
                    return self._not_heard(conversation, number, line.expect)
            if line.send is not None:
                conversation.send(f"{line.send}\n")
        if self.exit is None:
            return passed(f"{self._command} went through the script")
        return self._judge_exit(conversation, self.exit, machine.remaining())

    def _judge_exit(
        self, conversation: Conversation, wanted: Matcher, timeout: float
    ) -> Verdict:
        expected = f"exit code {wanted.describe()}"
        try:
            code = conversation.finish(timeout)
        except TimedOut:
            summary = f"{self._command} is still running at the end of the script"
            return failed(summary, expected=expected)
        actual = f"exit code {code}"
        summary = f"{self._command} went through the script and ended with {actual}"
        facts = {"exit": code}
        if wanted.accepts(code):
            return passed(summary, facts)
        return failed(summary, expected=expected, actual=actual, facts=facts)

    def _not_heard(
        self, conversation: Conversation, number: int, pattern: str
    ) -> Verdict:
        seen = excerpt("\n".join(conversation.pending.splitlines()[-SHOWN_LINES:]))
        what = f"`{excerpt(pattern)}` (line {number} of the script)"
        how = "ended before it printed" if conversation.ended else "did not print"
        instead = f"only `{seen}`" if seen else "nor anything else"
        return failed(
            f"{self._command} {how} {what}, {instead}",
            expected=excerpt(pattern),
            actual=seen,
        )

    @property
    def _command(self) -> str:
        return f"`{excerpt(self.dialogue, COMMAND_LENGTH)}`"
