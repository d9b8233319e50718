"""The kind `task`: the process that runs in a container of containerd."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from checks import signals
from checks.containerd.connect import check_place, connect, ctr
from checks.containerd.container import no_container
from checks.containerd.findings import Named
from checks.doors.machine import Machine
from checks.errors import CheckError
from checks.findings import facts
from checks.matchers import Matcher, as_text, equals
from checks.times import ago
from checks.verdict import Verdict, failed, passed
from checks.vocabulary import check_numbers, check_words

if TYPE_CHECKING:
    from checks.containerd.client import Containerd
    from checks.containerd.proto import process_pb2

RUNNING, STOPPED = equals("running"), equals("stopped")
# containerd.v1.types.Status; 0 is UNKNOWN: the shim did not say.
STATUSES = {1: "created", 2: "running", 3: "stopped", 4: "paused", 5: "pausing"}
# The `ctr tasks` commands from the status that was found to the one that is wanted.
MENDS = {
    ("stopped", "running"): (("rm",), ("start", "-d")),
    ("created", "running"): (("rm", "-f"), ("start", "-d")),
    ("paused", "running"): (("resume",),),
    ("running", "paused"): (("pause",),),
    ("running", "stopped"): (("kill", "-s", "SIGKILL"),),
}
KILLED = 128 + 9


@dataclass(frozen=True, slots=True)
class Task:
    """The task of a container: the process that runs, or ran, in it.

        - task: web
          status: running

    A container is only a record; its task is what runs. When the process has ended, the
    task stays as stopped until somebody removes it. The fact `ended` is in seconds
    since 1970.
    """

    FACTS: ClassVar = ("id", "namespace", "pid", "status", "exit", "ended")
    WORDS: ClassVar = {"status": tuple(STATUSES.values())}

    task: str
    """The id of its container."""
    namespace: str | None = None
    status: Matcher | None = None
    """What it is doing; without this key it must be running, or stopped when `exit` is
    given."""
    exit: Matcher | None = None
    """The code it ended with, 128+N after signal N."""
    exists: bool = True
    """`false` asks that there is no task, whether or not there is a container."""
    address: str | None = None

    def __post_init__(self) -> None:
        check_place(self.namespace, self.address)
        check_words("status", self.status, self.WORDS["status"])
        check_numbers("exit", self.exit)

    def run(self, machine: Machine) -> Verdict:
        client = connect(machine, self.address, self.namespace)
        task = client.task(client.namespace, self.task)
        if task is None and self.exists:
            return self._missing(client)
        if task is None:
            return passed(Named("task", self.task, client.namespace).absent)
        status = STATUSES.get(task.status)
        if status is None:
            raise CheckError(
                f"containerd cannot tell what task `{self.task}` is doing",
                ctr(client, client.namespace, "tasks", "ls"),
            )
        return self._found(client, task, status)

    def _found(
        self, client: Containerd, task: process_pb2.Process, status: str
    ) -> Verdict:
        code = task.exit_status if status == "stopped" else None
        ended = task.exited_at.ToSeconds() if status == "stopped" else None
        summary = f"Task `{self.task}` {_worded(status, code, task.pid)}"
        if ended and ended > 0:
            summary += f", {ago(time.time() - ended)}"
        found = facts(
            id=task.id,
            namespace=client.namespace,
            pid=task.pid,
            status=status,
            exit=code,
            ended=ended,
        )
        if not self.exists:
            hint = self._ctr(client, "rm", "-f")
            return failed(summary, expected="no task", hint=hint, facts=found)
        if not self._wanted.accepts(status):
            return failed(
                summary,
                expected=self._wanted.describe(),
                actual=status,
                hint=self._mend(client, status),
                facts=found,
            )
        if self.exit and not self.exit.accepts(code):
            return failed(
                summary,
                expected=f"exit code {self.exit.describe()}",
                actual="none yet" if code is None else as_text(code),
                facts=found,
            )
        return passed(summary, found)

    def _missing(self, client: Containerd) -> Verdict:
        with suppress(CheckError):
            if client.container(client.namespace, self.task):
                return failed(
                    f"Container `{self.task}` has no task",
                    hint=self._ctr(client, "start", "-d"),
                )
        container = Named("container", self.task, client.namespace)
        return no_container(client, container, "IMAGE")

    @property
    def _wanted(self) -> Matcher:
        return self.status or (STOPPED if self.exit else RUNNING)

    def _mend(self, client: Containerd, status: str) -> str:
        if self.exit and not self.exit.accepts(KILLED):
            return ""
        commands = MENDS.get((status, self._wanted.literal or ""), ())
        return " && ".join(self._ctr(client, *words) for words in commands)

    def _ctr(self, client: Containerd, *words: str) -> str:
        return ctr(client, client.namespace, "tasks", *words, self.task)


def _worded(status: str, code: int | None, pid: int) -> str:
    if code is not None:
        return f"has stopped with exit code {code}{signals.worded(code)}"
    return f"is {status} (process {pid})"
