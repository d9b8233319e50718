"""The kind `containerd`: the daemon itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from checks.containerd.connect import check_address, connect
from checks.containerd.flavours import DISTRIBUTION, answering
from checks.doors.dial import NothingListens
from checks.doors.machine import Machine
from checks.errors import SpecError
from checks.findings import difference, facts, shown
from checks.matchers import Matcher
from checks.verdict import Verdict, failed, passed

if TYPE_CHECKING:
    from checks.containerd.client import Containerd as Client


@dataclass(frozen=True, slots=True)
class Containerd:
    """The containerd daemon, asked through its own API.

        - containerd: running
          version: {at_least: 1.6}

    `running` holds when the daemon answers, `stopped` when nothing listens on its
    socket; a socket that may not be dialled proves neither. Where there are several,
    the distribution's is meant, then MicroK8s', k3s', Docker's own and a rootless one.
    """

    FACTS: ClassVar = ("version", "revision", "address", "flavour")

    containerd: Literal["running", "stopped"] = "running"
    """`running` or `stopped`."""
    version: Matcher | None = None
    """The daemon's version."""
    address: str | None = None
    """The path of its socket or its flavour: `distribution`, `microk8s`, `k3s`,
    `docker` or `rootless`; without it `CONTAINERD_ADDRESS`, then the first that
    answers."""

    def __post_init__(self) -> None:
        if self.version and self.containerd == "stopped":
            message = "`version`: a stopped containerd has none"
            raise SpecError(message, "leave one of them out", path=("version",))
        check_address(self.address)

    def run(self, machine: Machine) -> Verdict:
        try:
            client = connect(machine, self.address)
            answer = client.version()
        except NothingListens as error:
            return self._stopped(error)
        version, flavour = answer.version, client.flavour
        found = facts(
            version=version,
            revision=answer.revision,
            address=client.address,
            flavour=flavour.name,
        )
        summary = f"containerd {shown(version)} is running"
        if flavour is not DISTRIBUTION:
            summary = f"{summary}: {flavour.owner}"
        if self.containerd == "stopped":
            return failed(
                summary,
                expected="stopped",
                actual="running",
                hint=f"{flavour.systemctl} stop {flavour.unit}",
                facts=found,
            )
        differs = difference("containerd", [("version", self.version, version)], found)
        return differs or passed(summary + self._besides(client), found)

    def _stopped(self, error: NothingListens) -> Verdict:
        summary = f"containerd is not running: {error.message}"
        if self.containerd == "stopped":
            return passed(summary)
        return failed(summary, expected="running", actual="stopped", hint=error.remedy)

    def _besides(self, client: Client) -> str:
        """Name the others of the machine, where the author has not said which one."""
        if self.address:
            return ""
        others = [
            each.owner
            for each in answering(client.machine)
            if each.address != client.address
        ]
        return f"; not asked here: {', '.join(others)}" if others else ""
