"""The kind `shell`: a command line, its exit code and what it prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from checks import matchers
from checks.doors.machine import Machine
from checks.doors.process import Result
from checks.errors import CheckError, NotPermitted
from checks.host import accounts, programs
from checks.host.accounts import User
from checks.host.wording import contrast, excerpt, last_line, quoted, unlike
from checks.matchers import Matcher
from checks.verdict import Facts, Verdict, failed, passed
from checks.vocabulary import check_numbers

SUCCESS = matchers.equals(0)
RECORDED, COMMAND_LENGTH = 4096, 60


@dataclass(frozen=True, slots=True)
class Shell:
    """A command line that a shell runs, judged by its exit code and what it prints.

        - shell: runc --version
          stdout: {contains: "spec: 1."}

    It is run by `bash`, or by `sh` on a machine without bash, with nothing to read and
    without a terminal; it should look and not change anything. Prefer the kinds that
    ask the machine itself, and use `shell` for what they cannot ask.
    """

    FACTS: ClassVar = ("exit", "stdout", "stderr")

    shell: str
    """The command line."""
    exit: Matcher = SUCCESS
    """Its exit code: 127 says that a command was not found, 128 and N that signal N
    ended it."""
    stdout: Matcher | None = None
    """What it prints, where a newline at the end does not count."""
    stderr: Matcher | None = None
    """What it prints as errors, likewise."""
    user: str | None = None
    """The one to run it as, which takes root."""

    def __post_init__(self) -> None:
        check_numbers("exit", self.exit)

    def run(self, machine: Machine) -> Verdict:
        bash, _ = programs.find(machine, "bash")
        argv = ["bash" if bash else "sh", "-c", self.shell]
        if self.user is None:
            return self._judge(machine.run(argv))
        account = accounts.user(machine, self.user)
        if account is None:
            return failed(
                f"There is no user `{self.user}`", hint=f"adduser {self.user}"
            )
        return self._judge(_run_as(machine, account, argv))

    def _judge(self, result: Result) -> Verdict:
        facts = {
            "exit": result.exit,
            "stdout": result.stdout[:RECORDED],
            "stderr": result.stderr[:RECORDED],
        }
        return (
            self._other_exit(result, facts)
            or self._other_text("stdout", self.stdout, result, facts)
            or self._other_text("stderr", self.stderr, result, facts)
            or passed(f"{self._command} ended with exit code {result.exit}", facts)
        )

    def _other_exit(self, result: Result, facts: Facts) -> Verdict | None:
        if self.exit.accepts(result.exit):
            return None
        said = last_line(result.stderr) or last_line(result.stdout)
        return failed(
            f"{self._command} ended with exit code {result.exit}"
            + (f": {said}" if said else ""),
            expected=f"exit code {self.exit.describe()}",
            actual=f"exit code {result.exit}",
            facts=facts,
        )

    def _other_text(
        self, stream: str, wanted: Matcher | None, result: Result, facts: Facts
    ) -> Verdict | None:
        if wanted is None:
            return None
        if result.cut:
            raise CheckError(f"{self._command} printed too much to be compared")
        text: str = getattr(result, stream)
        if wanted.accepts_text(text):
            return None
        actual, expected = contrast(text, wanted)
        return failed(
            f"{self._command} printed {quoted(actual)} on {stream}, "
            f"{unlike(wanted, expected)}",
            expected=expected or "empty",
            actual=actual,
            facts=facts,
        )

    @property
    def _command(self) -> str:
        return f"`{excerpt(self.shell, COMMAND_LENGTH)}`"


def _run_as(machine: Machine, user: User, argv: Sequence[str]) -> Result:
    # Not runuser(1): it opens a session of PAM, which is logged.
    identity = [f"--reuid={user.uid}", f"--regid={user.gid}", "--init-groups"]
    result = machine.run(["setpriv", *identity, "--reset-env", *argv])
    if result.exit and result.stderr.startswith("setpriv: "):
        raise NotPermitted(
            f"nothing can be run as `{user.name}`: {last_line(result.stderr)}",
            "run with `sudo`",
        )
    return result
