"""The kind `cri`: the interface through which Kubernetes has pods run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from checks.containerd import connect as containerd
from checks.containerd.connect import check_address
from checks.cri import unready
from checks.cri.connect import connect
from checks.cri.unready import NETWORK, RUNTIME
from checks.doors.dial import NothingListens
from checks.doors.machine import Machine
from checks.errors import UnknownMethod
from checks.findings import difference, facts, shown
from checks.matchers import Matcher
from checks.verdict import Facts, Verdict, failed, passed

if TYPE_CHECKING:
    from checks.cri.client import Cri as Client


@dataclass(frozen=True, slots=True)
class Cri:
    """The CRI of a containerd, through which the kubelet has pods run.

        - cri: ready
          version: {at_least: 1.6}

    It is asked at containerd's own socket. A containerd that answers without CRI fails;
    so does one without a network for pods, and the sentence says where configuration
    of CNI is looked for.
    """

    FACTS: ClassVar = (
        "runtime",
        "version",
        "api_version",
        "runtime_ready",
        "network_ready",
        "address",
    )

    cri: Literal["ready", "enabled"] = "ready"
    """`ready` holds when pods can run, as `RuntimeReady` and `NetworkReady` say;
    `enabled` when CRI answers at all."""
    runtime: Matcher | None = None
    """The name of the runtime, such as `containerd`."""
    version: Matcher | None = None
    """The runtime's version."""
    address: str | None = None
    """The path of the socket, or the flavour of containerd; as for `containerd`."""

    def __post_init__(self) -> None:
        check_address(self.address)

    def run(self, machine: Machine) -> Verdict:
        try:
            return self._answered(connect(machine, self.address))
        except NothingListens as error:
            summary = f"CRI does not answer: {error.message}"
            return self._failed(summary, "stopped", error.remedy)
        except UnknownMethod as error:
            return self._disabled(machine, error.remedy)

    def _answered(self, client: Client) -> Verdict:
        version, conditions = client.version(), client.conditions()
        found = facts(
            runtime=version.runtime_name,
            version=version.runtime_version,
            api_version=version.runtime_api_version,
            runtime_ready=conditions[RUNTIME].status,
            network_ready=conditions[NETWORK].status,
            address=client.flavour.address,
        )
        subject = shown(f"CRI of {version.runtime_name} {version.runtime_version}")
        lack = unready.lack(client, conditions) if self.cri == "ready" else None
        if lack:
            summary = f"{subject} is not ready: {lack.said}"
            return self._failed(summary, f"no {lack.condition}", lack.hint, found)
        properties = [
            ("runtime", self.runtime, version.runtime_name),
            ("version", self.version, version.runtime_version),
        ]
        differs = difference("CRI", properties, found)
        return differs or passed(f"{subject} is {self.cri}", found)

    def _disabled(self, machine: Machine, hint: str) -> Verdict:
        """Return the failure of a containerd without CRI, which must answer itself."""
        other = containerd.connect(machine, self.address)
        version = shown(other.version().version)
        summary = f"containerd {version} runs without CRI"
        file = unready.disabling(machine, other.flavour)
        if file:
            summary = f"{summary}: `{file}` has it in `disabled_plugins`"
            hint = f"{other.flavour.systemctl} restart {other.flavour.unit}"
        return self._failed(summary, "disabled", hint)

    def _failed(
        self, summary: str, actual: str, hint: str = "", found: Facts | None = None
    ) -> Verdict:
        return failed(summary, expected=self.cri, actual=actual, hint=hint, facts=found)
