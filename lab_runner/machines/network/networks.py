"""The networks of this folder's machines: made, mended and removed together.

What is made on this host is written down before it is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lab_runner.machines import locks
from lab_runner.machines.network import addresses, bridge, firewall, plan, settings
from lab_runner.machines.network.plan import DEFAULT, Network, Plan

LOCK = Path("/run/labrun.lock")


@contextmanager
def locked() -> Iterator[None]:
    """Hold the lock that every change of the host's network needs."""
    with locks.held(LOCK, "the network of lab machines is being changed", wait=30):
        yield


def ensure(name: str, *, outside: bool = True, shared: bool = False) -> Plan:
    """Have a network of this name, and return the plan; the lock must be held."""
    planned = plan.load().having(DEFAULT)
    planned = planned.having(name, outside=outside, shared=shared)
    _make(planned)
    return planned


def settle(names: Iterable[str]) -> Plan:
    """Mend the default network and those named, remove others; return the plan."""
    planned = plan.load().having(DEFAULT).keeping(names)
    _make(planned)
    return planned


def take_down() -> None:
    """Remove all networks of this folder."""
    if not plan.path().exists():
        return
    firewall.take_down()
    for name in bridge.ours():
        bridge.delete(name)
    _release_settings()
    plan.path().unlink()


def resolv_conf(network: Network) -> str:
    """Return the resolv.conf(5) of a network's machines."""
    return addresses.resolv_conf() if network.outside else ""


def _make(planned: Plan) -> None:
    before = plan.load()
    if planned != before:
        plan.save(planned)
    # Also a bridge that no plan knows, which is what a crash has left.
    kept = {each.bridge for each in before.networks if each in planned.networks}
    for name in set(bridge.ours()) - kept:
        bridge.delete(name)
    for network in planned.networks:
        if not bridge.is_up(network):
            bridge.make(network)
    if not firewall.is_up(planned):
        firewall.put_up(planned)
    settings.make()


def _release_settings() -> None:
    left = bridge.every()
    if any(name.startswith("labrun-") for name in left):
        return
    if left:
        # Whoever else has a bridge on this host relies on its settings by now.
        settings.leave()
    else:
        settings.put_back()
