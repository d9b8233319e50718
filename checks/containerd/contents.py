"""Judging what an image holds: its platforms, and whether its layers are unpacked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from checks.containerd import manifests
from checks.containerd.connect import ctr
from checks.containerd.manifests import Incomplete
from checks.errors import CheckError
from checks.platforms import covers
from checks.verdict import Facts, Verdict, failed

if TYPE_CHECKING:
    from checks.containerd.client import Containerd
    from checks.containerd.image import Image


def judge(client: Containerd, image: Image, found: Facts) -> Verdict | None:
    """Return the failure of an image that does not hold what is asked, else None."""
    subject = f"Image `{image.image}`"
    pull = ctr(client, client.namespace, "images", "pull", image.image)
    try:
        return _judged(client, image, found, pull)
    except Incomplete as error:
        if image.unpacked is False:
            return None
        summary = f"{subject} is fetched only in part: {error.message}"
        return failed(summary, hint=pull, facts=found)


def _judged(
    client: Containerd, image: Image, found: Facts, pull: str
) -> Verdict | None:
    subject = f"Image `{image.image}`"
    platform = image.platform or _own(client)
    known = manifests.platforms(client, found["digest"])
    manifest = _of(known, platform)
    if manifest is None:
        return failed(
            f"{subject} is not for {platform}, only for {', '.join(sorted(known))}",
            expected=platform,
            actual=", ".join(sorted(known)),
            hint=f"{pull} --platform {platform}",
            facts=found,
        )
    if client.content(client.namespace, manifest) is None:
        raise Incomplete(f"the manifest for {platform} is not there")
    if image.unpacked is None:
        return None
    key = manifests.chain(client, manifest)
    snapshot = client.snapshot(client.namespace, image.snapshotter, key)
    if (snapshot is not None) == image.unpacked:
        return None
    if snapshot is not None:
        return failed(f"{subject} is unpacked by {image.snapshotter}", facts=found)
    for layer in manifests.absent_layers(client, manifest):
        raise Incomplete(f"layer `{layer}` is not there")
    return failed(
        f"{subject} is pulled but not unpacked: {image.snapshotter} has no snapshot"
        f" `{key}`",
        hint=pull,
        facts=found,
    )


def _own(client: Containerd) -> str:
    """Return the platform of the machine, as images call it."""
    said = client.machine.run(["uname", "-m"])
    if said.exit:
        raise CheckError("`uname -m` does not tell the machine's architecture")
    return f"linux/{manifests.architecture(said.stdout.strip())}"


def _of(known: Mapping[str, str], platform: str) -> str | None:
    """Return the manifest for a platform; without a variant, for any of its variants."""
    for name, manifest in known.items():
        if covers(platform, name):
            return manifest
    return None
