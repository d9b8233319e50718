"""Explaining an object that is not in its namespace: where it is, or what is there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from checks.containerd.findings import Named, shown
from checks.errors import CheckError
from checks.verdict import Verdict, failed

if TYPE_CHECKING:
    from checks.containerd.client import Containerd

SEARCHED_NAMESPACES, SHOWN_NAMES = 32, 5


def missing(
    client: Containerd,
    wanted: Named,
    hint: str,
    find: Callable[[str], object | None],
    near: Callable[[], Sequence[str]] | None = None,
) -> Verdict:
    """Return the failure for an object that is certainly not in its namespace.

    `find` looks for it in another one, `near` lists what its own has instead. A look
    that goes wrong explains less and decides nothing.
    """
    with suppress(CheckError):
        known = sorted(client.namespaces())
        elsewhere = _first(known, wanted.namespace, find)
        if elsewhere:
            return failed(
                f"{wanted.subject} is in namespace `{elsewhere}`, "
                f"not in `{wanted.namespace}`",
                expected=f"namespace {wanted.namespace}",
                actual=f"namespace {elsewhere}",
                hint=hint,
            )
        if wanted.namespace not in known:
            return failed(f"{wanted.absent}, which does not exist yet", hint=hint)
        if near:
            return failed(wanted.absent + instead(wanted.noun, near()), hint=hint)
    return failed(wanted.absent, hint=hint)


def instead(noun: str, names: Sequence[str]) -> str:
    """Word what there is in place of an object, as the end of a sentence."""
    if not names:
        return f", nor any other {noun}"
    listed = ", ".join(f"`{shown(name)}`" for name in sorted(names)[:SHOWN_NAMES])
    more = len(names) - SHOWN_NAMES
    return f", only {listed}" + (f" and {more} more" if more > 0 else "")


def _first(
    known: Sequence[str], own: str, find: Callable[[str], object | None]
) -> str | None:
    others = [namespace for namespace in known if namespace != own]
    return next((name for name in others[:SEARCHED_NAMESPACES] if find(name)), None)
