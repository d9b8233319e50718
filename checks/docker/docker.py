"""The kind `docker`: the Docker daemon itself."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import ClassVar, Literal

from checks.docker import client, objects
from checks.docker.connect import STOP
from checks.doors.dial import NothingListens
from checks.doors.machine import Machine
from checks.errors import SpecError
from checks.matchers import Matcher
from checks.verdict import Verdict, failed, passed


@dataclass(frozen=True, slots=True)
class Docker:
    """The Docker daemon, asked through its own API.

        - docker: running
          version: {at_least: 20.10}

    A socket that may not be dialled proves neither.
    """

    FACTS: ClassVar = ("version", "api_version")

    docker: Literal["running", "stopped"] = "running"
    """`running` holds when the daemon answers, `stopped` when nothing listens on its
    socket or systemd only waits there to start it."""
    version: Matcher | None = None
    """The engine's version."""
    address: str | None = None
    """The path of its socket; without it `DOCKER_HOST` and `/var/run/docker.sock` are
    tried."""

    def __post_init__(self) -> None:
        if self.version and self.docker == "stopped":
            message = "`version`: a stopped Docker has none"
            raise SpecError(message, "leave one of them out", path=("version",))
        client.check_address(self.address)

    def run(self, machine: Machine) -> Verdict:
        try:
            found = objects.version(machine, self.address)
        except NothingListens as error:
            return self._stopped(error)
        summary, facts = f"Docker {found.version} is running", asdict(found)
        if self.docker == "stopped":
            return failed(summary, expected="stopped", actual="running", hint=STOP)
        if self.version and not self.version.accepts(found.version):
            wanted = self.version.describe()
            return failed(
                f"{summary}, expected version {wanted}",
                expected=wanted,
                actual=found.version,
                facts=facts,
            )
        return passed(summary, facts)

    def _stopped(self, error: NothingListens) -> Verdict:
        summary = error.message
        if self.docker == "stopped":
            return passed(summary, {"version": None, "api_version": None})
        return failed(summary, expected="running", actual="stopped", hint=error.remedy)
