"""The kind `containerd`: the daemon itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from checks.containerd.connect import check_address, connect
from checks.containerd.findings import difference, facts, shown
from checks.doors.dial import NothingListens
from checks.doors.machine import Machine
from checks.errors import SpecError
from checks.matchers import Matcher
from checks.verdict import Facts, Verdict, failed, passed


@dataclass(frozen=True, slots=True)
class Containerd:
    """The containerd daemon, asked through its own API.

        - containerd: running
          version: {at_least: 1.6}

    `running` holds when the daemon answers, `stopped` when nothing listens on its
    socket; a socket that may not be dialled proves neither. `address` is the path of
    the socket: without it `CONTAINERD_ADDRESS` and then
    `/run/containerd/containerd.sock` is asked.
    """

    FACTS: ClassVar = ("version", "revision", "address")

    containerd: Literal["running", "stopped"] = "running"
    version: Matcher | None = None
    address: str | None = None

    def __post_init__(self) -> None:
        if self.version and self.containerd == "stopped":
            message = "`version`: a stopped containerd has none"
            raise SpecError(message, "leave one of them out", path=("version",))
        check_address(self.address)

    def run(self, machine: Machine) -> Verdict:
        client = connect(machine, self.address)
        try:
            answer = client.version()
        except NothingListens as error:
            nothing = facts(version=None, revision=None, address=client.address)
            return self._stopped(error, nothing)
        version, revision = answer.version, answer.revision
        found = facts(version=version, revision=revision, address=client.address)
        summary = f"containerd {shown(version)} is running"
        if self.containerd == "stopped":
            return failed(
                summary,
                expected="stopped",
                actual="running",
                hint="systemctl stop containerd",
                facts=found,
            )
        differs = difference("containerd", [("version", self.version, version)], found)
        return differs or passed(summary, found)

    def _stopped(self, error: NothingListens, found: Facts) -> Verdict:
        summary = f"containerd is not running: {error.message}"
        if self.containerd == "stopped":
            return passed(summary, found)
        return failed(
            summary,
            expected="running",
            actual="stopped",
            hint=error.remedy,
            facts=found,
        )
