"""Explaining a pod that is not there: where one is, or why none can be run."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from checks.containerd.missing import instead
from checks.cri import unready
from checks.cri.connect import crictl
from checks.cri.objects import PodName, name_of
from checks.cri.unready import Lack
from checks.errors import CheckError
from checks.findings import shown
from checks.verdict import Verdict, failed

if TYPE_CHECKING:
    from checks.cri.client import Cri
    from checks.cri.proto.runtime_pb2 import PodSandbox


def missing_pod(client: Cri, asked: PodName, pods: Sequence[PodSandbox]) -> Verdict:
    """Return the failure for a pod that is not among all there are."""
    names = set(map(name_of, pods))
    others = sorted(each.namespace for each in names if each.name == asked.name)
    run = crictl(client, "runp", f"{asked.name}.json")
    if others:
        return failed(
            f"{asked.subject} is in Kubernetes namespace `{shown(others[0])}`, "
            f"not in `{asked.namespace}`",
            expected=f"namespace {asked.namespace}",
            actual=f"namespace {shown(others[0])}",
            hint=run,
        )
    if lack := lacking(client):
        return failed(f"{asked.absent}, and {lack.said}", hint=lack.hint)
    near = [each.name for each in names if each.namespace == asked.namespace]
    return failed(asked.absent + instead("pod", near), hint=run)


def lacking(client: Cri) -> Lack | None:
    """Return what pods lack to be run; a look that goes wrong explains less."""
    with suppress(CheckError):
        return unready.lack(client, client.conditions())
    return None
