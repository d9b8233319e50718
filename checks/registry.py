"""The kinds of check: a dict from kind to `module:Class`, imported on first use.

Other distributions add theirs; labrun's own cannot be replaced.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from checks import extensions
from checks.errors import SpecError
from checks.words import did_you_mean

if TYPE_CHECKING:
    from checks.check import Check

KINDS = {
    "package": "checks.host.package:Package",
    "command": "checks.host.command:Command",
    "file": "checks.host.file:File",
    "service": "checks.host.service:Service",
    "process": "checks.host.process:Process",
    "port": "checks.host.port:Port",
    "user": "checks.host.user:User",
    "group": "checks.host.group:Group",
    "mount": "checks.host.mount:Mount",
    "sysctl": "checks.host.sysctl:Sysctl",
    "http": "checks.host.http:Http",
    "shell": "checks.shell.shell:Shell",
    "dialogue": "checks.shell.dialogue:Dialogue",
    "ran": "checks.shell.ran:Ran",
    "containerd": "checks.containerd.containerd:Containerd",
    "namespace": "checks.containerd.namespace:Namespace",
    "image": "checks.containerd.image:Image",
    "container": "checks.containerd.container:Container",
    "task": "checks.containerd.task:Task",
    "snapshot": "checks.containerd.snapshot:Snapshot",
    "content": "checks.containerd.content:Content",
    "lease": "checks.containerd.lease:Lease",
    "event": "checks.event:Event",
    "cri": "checks.cri.cri:Cri",
    "pod": "checks.cri.pod:Pod",
    "cri-container": "checks.cri.cri_container:CriContainer",
    "cri-image": "checks.cri.cri_image:CriImage",
    "docker": "checks.docker.docker:Docker",
    "docker-image": "checks.docker.docker_image:DockerImage",
    "docker-container": "checks.docker.docker_container:DockerContainer",
    "docker-network": "checks.docker.docker_network:DockerNetwork",
    "docker-volume": "checks.docker.docker_volume:DockerVolume",
    "bundle": "checks.oci.bundle:Bundle",
    "runc": "checks.oci.runc:Runc",
    "oci-layout": "checks.oci.oci_layout:OciLayout",
    "any": "checks.combine.any:Any",
    "all": "checks.combine.all:All",
    "same": "checks.combine.same:Same",
    "not": "checks.combine.negation:Not",
}


@cache
def load(kind: str) -> type[Check]:
    """Return the class of a kind; raises SpecError with "did you mean"."""
    if kind in KINDS:
        module, name = KINDS[kind].split(":")
        loaded: type[Check] = getattr(import_module(module), name)
        return loaded
    if kind in extensions.installed():
        return extensions.load(kind)
    raise SpecError(
        f"unknown kind of check `{kind}`{did_you_mean(kind, names())}",
        "`labrun dev kinds` lists all there are",
    )


def names() -> tuple[str, ...]:
    """Return every kind there is, also those that cannot be loaded."""
    return tuple(dict.fromkeys([*KINDS, *sorted(extensions.installed())]))


def has(kind: str) -> bool:
    return kind in KINDS or kind in extensions.installed()


def origin(kind: str) -> str:
    """Name the distribution that a kind comes from: `labrun`, or one with its version."""
    if kind in KINDS:
        return "labrun"
    return ", ".join(map(extensions.distribution, extensions.installed()[kind]))


def shadowed() -> dict[str, str]:
    """Return the distributions that claim a kind of labrun's own, by that kind."""
    claims = extensions.installed()
    return {
        kind: ", ".join(map(extensions.distribution, claims[kind]))
        for kind in KINDS
        if kind in claims
    }
