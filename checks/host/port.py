"""The kind `port`: something listens on a TCP or UDP port."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from checks.doors.machine import Machine
from checks.errors import SpecError
from checks.host import sockets
from checks.host.sockets import Protocol
from checks.host.wording import names, unlike
from checks.matchers import Matcher
from checks.verdict import Facts, Verdict, failed, passed

HIGHEST = 65535


@dataclass(frozen=True, slots=True)
class Port:
    """A TCP or UDP port on which something listens.

        - port: 5000
          protocol: tcp
          address: 127.0.0.1

    It is the machine's own network that is looked at, not that of a container inside
    it. Of several addresses one is enough.
    """

    FACTS: ClassVar = ("port", "protocol", "addresses")
    NARROWED_BY: ClassVar = ("protocol", "address")

    port: int
    """Its number, from 1 to 65535."""
    protocol: Protocol = "tcp"
    """The protocol it speaks."""
    address: Matcher | None = None
    """The address that is listened on, as `ss -ln` shows it: `0.0.0.0` for every IPv4
    address, `::` for every address."""
    exists: bool = True
    """`false` asks that nothing listens."""

    def __post_init__(self) -> None:
        if not 0 < self.port <= HIGHEST:
            message = f"`port`: {self.port} is not between 1 and {HIGHEST}"
            raise SpecError(message, path=("port",))

    def run(self, machine: Machine) -> Verdict:
        bound = sockets.addresses(machine, self.protocol, self.port)
        wanted = self.address
        matching = [each for each in bound if not wanted or wanted.accepts(each)]
        shown = matching or bound
        summary, facts = self._described(shown), self._facts(shown)
        if bool(matching) == self.exists:
            return passed(summary, facts)
        if not self.exists:
            return failed(summary, hint=f"ss -lnp 'sport = :{self.port}'", facts=facts)
        if wanted and bound:
            return failed(
                f"{summary}, {unlike(wanted)}",
                expected=wanted.describe(),
                actual=" ".join(bound),
                facts=facts,
            )
        return self._silent(machine)

    def _silent(self, machine: Machine) -> Verdict:
        other: Protocol = "udp" if self.protocol == "tcp" else "tcp"
        elsewhere = sockets.addresses(machine, other, self.port)
        but = f", only on {other} port {self.port}" if elsewhere else ""
        return failed(f"{self._described([])}{but}", facts=self._facts([]))

    def _described(self, bound: Sequence[str]) -> str:
        where = f"{self.protocol} port {self.port}"
        if not bound:
            return f"Nothing listens on {where}"
        return f"Something listens on {where} at {names(bound)}"

    def _facts(self, bound: Sequence[str]) -> Facts:
        return {"port": self.port, "protocol": self.protocol, "addresses": list(bound)}
