"""The kind `port`: something listens on a TCP or UDP port."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import ClassVar

from checks.doors.machine import Machine
from checks.errors import CheckError, NotPermitted, SpecError
from checks.host import listeners, sockets
from checks.host.listeners import Listener
from checks.host.sockets import Protocol
from checks.host.wording import names, unlike
from checks.matchers import Matcher
from checks.verdict import Facts, Verdict, failed, passed

HIGHEST = 65535
SOMETHING = "Something"
EVERY = ("0.0.0.0", "::")  # noqa: S104  (nothing is bound here)


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
    process: Matcher | None = None
    """The name of the process that listens; it takes `ss` on the machine to see it."""
    exists: bool = True
    """`false` asks that nothing listens."""

    def __post_init__(self) -> None:
        if not 0 < self.port <= HIGHEST:
            message = f"`port`: {self.port} is not between 1 and {HIGHEST}"
            raise SpecError(message, path=("port",))

    def run(self, machine: Machine) -> Verdict:
        bound = sockets.addresses(machine, self.protocol, self.port)
        matching = [each for each in bound if self._accepts(each)]
        if not self.exists:
            return self._unwanted(machine, matching, bound)
        if matching:
            summary, facts = self._described(matching), self._facts(matching)
            return self._other_process(machine, facts) or passed(summary, facts)
        return self._other_address(machine, bound) or self._silent(machine)

    def _accepts(self, address: str) -> bool:
        return self.address is None or self.address.accepts(address)

    def _unwanted(
        self, machine: Machine, matching: Sequence[str], bound: Sequence[str]
    ) -> Verdict:
        if not matching:
            return passed(self._described(bound), self._facts(bound))
        return failed(
            self._described(matching, self._who(machine)),
            hint=f"ss -lnp 'sport = :{self.port}'",
            facts=self._facts(matching),
        )

    def _other_process(self, machine: Machine, facts: Facts) -> Verdict | None:
        if self.process is None:
            return None
        found = listeners.on(machine, self.protocol, self.port)
        if not found:
            message = f"who listens on {self._where} may not be seen"
            raise NotPermitted(message, "run with `sudo`")
        if any(self.process.accepts(each.name) for each in found):
            return None
        who = _named(found)
        return failed(
            f"{who} listens on {self._where}, {unlike(self.process)}",
            expected=self.process.describe(),
            actual=found[0].name,
            hint=f"kill {found[0].pid}",
            facts=facts,
        )

    def _other_address(self, machine: Machine, bound: Sequence[str]) -> Verdict | None:
        if self.address is None or not bound:
            return None
        summary = self._described(bound, self._who(machine))
        reach = _reach(bound, self.address)
        return failed(
            f"{summary}, {unlike(self.address)}{reach}",
            expected=self.address.describe(),
            actual=" ".join(bound),
            facts=self._facts(bound),
        )

    def _silent(self, machine: Machine) -> Verdict:
        other: Protocol = "udp" if self.protocol == "tcp" else "tcp"
        elsewhere = sockets.addresses(machine, other, self.port)
        but = f", only on {other} port {self.port}" if elsewhere else ""
        return failed(f"{self._described([])}{but}", facts=self._facts([]))

    def _who(self, machine: Machine) -> str:
        """Name who listens; a look that goes wrong names nobody."""
        try:
            return _named(listeners.on(machine, self.protocol, self.port))
        except CheckError:
            return SOMETHING

    @property
    def _where(self) -> str:
        return f"{self.protocol} port {self.port}"

    def _described(self, bound: Sequence[str], who: str = SOMETHING) -> str:
        if not bound:
            return f"Nothing listens on {self._where}"
        return f"{who} listens on {self._where} at {names(bound)}"

    def _facts(self, bound: Sequence[str]) -> Facts:
        return {"port": self.port, "protocol": self.protocol, "addresses": list(bound)}


def _named(found: Sequence[Listener]) -> str:
    if not found:
        return SOMETHING
    first = found[0]
    others = sorted({each.name for each in found} - {first.name})
    more = f" with {names(others)}" if others else ""
    return f"`{first.name}` (PID {first.pid}){more}"


def _reach(bound: Sequence[str], wanted: Matcher) -> str:
    """Word what the difference between two addresses means."""
    address = wanted.literal or ""
    if address in EVERY and all(ip_address(each).is_loopback for each in bound):
        return ": only the machine itself reaches it"
    if "." in address and all(":" in each for each in bound):
        return ": it is bound to IPv6 alone"
    return ""
