"""The rules that let machines out: in a chain of their own, removed without a trace."""

from __future__ import annotations

from lab_runner.machines import folder, host

# Machines reach the outside and their registry, nothing reaches them unasked, and they
# do not reach each other by way of the host. First in FORWARD, because Docker's policy
# at its end is to drop.
FILTER = """\
*filter
:{chain} - [0:0]
-A {chain} -i {bridge} -o {bridge} -j DROP
-A {chain} -i {bridge} -j ACCEPT
-A {chain} -o {bridge} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A {chain} -o {bridge} -j DROP
-I FORWARD 1 -j {chain}
-I INPUT 1 -i {bridge} -p tcp --dport 443 -m comment --comment {chain} -j ACCEPT
COMMIT
"""
NAT = """\
*nat
-A POSTROUTING -s {subnet} ! -o {bridge} -m comment --comment {chain} -j MASQUERADE
COMMIT
"""


def is_up() -> bool:
    return host.succeeds(["iptables", "--wait", "--check", "FORWARD", "-j", _chain()])


def put_up(bridge: str, subnet: str) -> None:
    take_down()
    rules = (FILTER + NAT).format(chain=_chain(), bridge=bridge, subnet=subnet)
    _restore(rules)


def take_down() -> None:
    """Remove every rule that names the chain, then the chain itself."""
    chain = _chain()
    for table in ("filter", "nat"):
        saved = host.run(["iptables-save", "--table", table]).splitlines()
        named = [line for line in saved if chain in line.split()]
        undo = ["-D" + line.removeprefix("-A") for line in named]
        if f":{chain}" in "\n".join(saved):
            undo.append(f"-X {chain}")
        if undo:
            _restore("\n".join([f"*{table}", *undo, "COMMIT", ""]))


def _restore(rules: str) -> None:
    host.run(["iptables-restore", "--noflush", "--wait"], given=rules)


def _chain() -> str:
    return folder.tag().upper()
