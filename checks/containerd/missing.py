"""Explaining an object that is not in its namespace: where it is, or what is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from checks.containerd import connect, flavours
from checks.containerd.findings import Named
from checks.errors import CheckError
from checks.findings import shown
from checks.verdict import Verdict, failed

if TYPE_CHECKING:
    from checks.containerd.client import Containerd

SEARCHED_NAMESPACES, SHOWN_NAMES = 32, 5
Find = Callable[["Containerd", str], object | None]


def missing(
    client: Containerd,
    wanted: Named,
    hint: str,
    find: Find,
    near: Callable[[], str] | None = None,
) -> Verdict:
    """Return the failure for an object that is certainly not in its namespace.

    `find` looks for it in another namespace or containerd, `near` words what its own
    namespace has instead, as the end of a sentence. A look that goes wrong explains
    less and decides nothing.
    """
    with suppress(CheckError):
        known = sorted(client.namespaces())
        elsewhere = _first(client, known, wanted.namespace, find)
        if elsewhere:
            return failed(
                f"{wanted.subject} is in namespace `{elsewhere}`, "
                f"not in `{wanted.namespace}`",
                expected=f"namespace {wanted.namespace}",
                actual=f"namespace {elsewhere}",
                hint=hint,
            )
        for other in _others(client):
            if place := _place(other, find):
                return _astray(client, wanted, other, place, hint)
        if wanted.namespace not in known:
            return failed(f"{wanted.absent}, which does not exist yet", hint=hint)
        if near:
            return failed(wanted.absent + near(), hint=hint)
    return failed(wanted.absent, hint=hint)


def instead(noun: str, names: Sequence[str]) -> str:
    """Word what there is in place of an object, as the end of a sentence."""
    if not names:
        return f", nor any other {noun}"
    listed = ", ".join(f"`{shown(name)}`" for name in sorted(names)[:SHOWN_NAMES])
    more = len(names) - SHOWN_NAMES
    return f", only {listed}" + (f" and {more} more" if more > 0 else "")


def _first(
    client: Containerd, known: Sequence[str], own: str, find: Find
) -> str | None:
    others = [namespace for namespace in known if namespace != own]
    found = (name for name in others[:SEARCHED_NAMESPACES] if find(client, name))
    return next(found, None)


def _others(client: Containerd) -> Iterator[Containerd]:
    """Yield the other containerds that answer on the machine."""
    for flavour in flavours.answering(client.machine):
        if flavour.address != client.address:
            yield connect.connect(client.machine, flavour.address)


def _place(other: Containerd, find: Find) -> str | None:
    """Return the namespace of another containerd in which it is."""
    with suppress(CheckError):
        return _first(other, sorted(other.namespaces()), "", find)
    return None


def _astray(
    client: Containerd, wanted: Named, other: Containerd, place: str, hint: str
) -> Verdict:
    return failed(
        f"{wanted.subject} is in namespace `{place}` of {other.flavour.owner}, not in"
        f" `{wanted.namespace}` of {client.flavour.owner}, which is asked here",
        expected=f"{client.flavour.owner} at {client.address}",
        actual=f"{other.flavour.owner} at {other.address}",
        hint=hint,
    )
