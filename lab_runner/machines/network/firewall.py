"""What lab machines reach: rules in chains of our own, removed without a trace.

They are written as iptables-save(8) prints them, so that what stands can be compared.
"""

from __future__ import annotations

from dataclasses import dataclass

from lab_runner.machines import folder, host
from lab_runner.machines.network import addresses
from lab_runner.machines.network.plan import Network, Plan

# Bridges of other systems for containers and machines: not the outside.
NEIGHBOURS = ("docker+", "br-+", "virbr+", "podman+", "cni+", "lxcbr+", "lxdbr+")
REPLIES = "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT"
FAMILY = "labrun-+"


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain of ours, entered from the top of `hook`, a chain of the kernel's."""

    table: str
    hook: str
    name: str
    rules: tuple[str, ...] = ()

    @property
    def jump(self) -> str:
        return f"-A {self.hook} -j {self.name}"

    @property
    def lines(self) -> list[str]:
        return [f"-A {self.name} {rule}" for rule in self.rules]


def is_up(plan: Plan) -> bool:
    """Return whether all rules stand, and nobody else's before them."""
    saved = {table: _saved(table) for table in ("filter", "nat")}
    return all(_stands(chain, saved[chain.table]) for chain in chains(plan))


def put_up(plan: Plan) -> None:
    """Replace whatever stands of our rules by those of the plan, in one go a table."""
    wanted = chains(plan)
    for table in ("filter", "nat"):
        ours = [chain for chain in wanted if chain.table == table]
        changes = [f":{chain.name} - [0:0]" for chain in ours]
        changes += _leaving(ours, _saved(table))
        for chain in ours:
            changes += [*chain.lines, chain.jump.replace("-A", "-I", 1)]
        _change(table, changes)


def take_down() -> None:
    """Remove the chains and the ways into them."""
    for table in ("filter", "nat"):
        saved = _saved(table)
        ours = [chain for chain in chains(Plan()) if chain.table == table]
        there = [c.name for c in ours if any(f":{c.name} " in line for line in saved)]
        flush = [f"-F {name}" for name in there]
        delete = [f"-X {name}" for name in there]
        _change(table, [*_leaving(ours, saved), *flush, *delete])


def chains(plan: Plan) -> list[Chain]:
    """Return all that is ours, for the networks of the plan."""
    name = folder.tag().upper()
    return [
        # First in FORWARD, because Docker's policy at its end is to drop.
        Chain("filter", "FORWARD", name, _forwarding(plan)),
        Chain("filter", "INPUT", f"{name}-IN", _entering(plan)),
        Chain("nat", "POSTROUTING", name, _translating(plan)),
    ]


def _forwarding(plan: Plan) -> tuple[str, ...]:
    """Machines reach the outside, and nothing reaches them unasked."""
    ours = f"{folder.tag()}+"
    shared = [each.bridge for each in plan.networks if each.shared]
    return (
        f"-o {ours} {REPLIES}",
        *(f"-i {bridge} -o {bridge} -j ACCEPT" for bridge in shared),
        f"-o {ours} -j DROP",
        *(f"-i {ours} -o {other} -j DROP" for other in (FAMILY, *NEIGHBOURS)),
        *(f"-s {net.subnet} -i {net.bridge} -j ACCEPT" for net in _open(plan)),
        f"-i {ours} -j DROP",
    )


def _entering(plan: Plan) -> tuple[str, ...]:
    """Of this host itself they reach the mirror, its name server and an echo."""
    ours = f"{folder.tag()}+"
    mirrors = [net.subnet for net in plan.networks[:1]]
    return (
        f"-i {ours} {REPLIES}",
        *(f"-d {net} -i {ours} -p tcp -m tcp --dport 443 -j ACCEPT" for net in mirrors),
        *(rule for net in _open(plan) for rule in _answers(net.bridge)),
        f"-i {ours} -j DROP",
    )


def _answers(bridge: str) -> list[str]:
    return [
        f"-i {bridge} -p icmp -m icmp --icmp-type 8 -j ACCEPT",
        *(
            f"-d {server}/32 -i {bridge} -p {kind} -m {kind} --dport 53 -j ACCEPT"
            for server in addresses.name_servers()
            for kind in ("udp", "tcp")
        ),
    ]


def _translating(plan: Plan) -> tuple[str, ...]:
    return tuple(
        f"-s {net.subnet} ! -o {net.bridge} -j MASQUERADE" for net in _open(plan)
    )


def _open(plan: Plan) -> list[Network]:
    return [each for each in plan.networks if each.outside]


def _stands(chain: Chain, saved: list[str]) -> bool:
    family = f"-A {chain.hook} -j {FAMILY[:-1].upper()}"
    into = [line for line in saved if line.startswith(f"-A {chain.hook} ")]
    others = [at for at, line in enumerate(into) if not line.startswith(family)]
    standing = [line for line in saved if line.startswith(f"-A {chain.name} ")]
    return chain.jump in into[: others[0] if others else None] and (
        standing == chain.lines
    )


def _leaving(chains: list[Chain], saved: list[str]) -> list[str]:
    jumps = {chain.jump for chain in chains}
    return [line.replace("-A", "-D", 1) for line in saved if line in jumps]


def _saved(table: str) -> list[str]:
    return host.run(["iptables-save", "--table", table]).splitlines()


def _change(table: str, changes: list[str]) -> None:
    if changes:
        text = "\n".join([f"*{table}", *changes, "COMMIT", ""])
        host.run(["iptables-restore", "--noflush", "--wait"], given=text)
