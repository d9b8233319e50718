"""The kind `oci-layout`: a directory with images in the OCI image layout."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from checks.doors.machine import Machine
from checks.errors import SpecError
from checks.findings import facts
from checks.host.wording import names
from checks.matchers import Matcher, Observed
from checks.oci.layout import Descriptor, Image, Invalid, Layout
from checks.verdict import Facts, Status, Verdict, failed, passed

VERIFIED = 64 << 20
# What other ways to save an image leave in their directories, and who does it.
OTHER_FORMATS = {"manifest.json": "`docker save`", "version": "`skopeo copy … dir:`"}


@dataclass(frozen=True, slots=True)
class OciLayout:
    """A directory in the OCI image layout, as `skopeo copy … oci:DIR:TAG` makes it.

        - oci-layout: /root/busybox
          tag: latest
          platform: linux/amd64

    It holds when an image that is meant is whole: its manifest and configuration are
    there and have the digests they are known by, its layers are there in their size.
    An index for several platforms, of which only some were fetched, is whole by those.
    An archive is not looked into: unpack it.
    """

    FACTS: ClassVar = ("path", "tags", "tag", "digest", "platform", "layers", "size")
    NARROWED_BY: ClassVar = ("tag",)

    path: str
    """The absolute path of the directory."""
    tag: str | None = None
    """The name that `index.json` gives the image in the annotation
    `org.opencontainers.image.ref.name`; without it, any image of the layout is meant."""
    digest: Matcher | None = None
    """The digest that `index.json` lists."""
    platform: Matcher | None = None
    """The platform it is for: `linux/amd64`, `linux/arm64/v8`."""
    layers: Matcher | None = None
    """How many layers it has."""
    verify: bool = False
    """`true` compares the digests of layers of up to 64 MiB as well."""
    exists: bool = True
    """`false` asks that there is no such layout, or no image of that tag in it."""

    def __post_init__(self) -> None:
        if not self.path.startswith("/"):
            message = f"`oci-layout`: `{self.path}` is not an absolute path"
            raise SpecError(message, path=("oci-layout",))

    def run(self, machine: Machine) -> Verdict:
        layout = Layout(machine, self.path)
        try:
            listed = layout.images()
        except FileNotFoundError:
            return self._absent(machine)
        except Invalid as error:
            return self._broken(error)
        meant = [each for each in listed if self.tag in (None, each.tag)]
        if not meant and (self.tag or self.exists):
            return self._without(listed)
        if not self.exists:
            return self._there(listed)
        verdicts = [self._judged(layout, each, listed) for each in meant]
        holding = (each for each in verdicts if each.status is Status.PASSED)
        return next(holding, verdicts[0])

    def _judged(
        self, layout: Layout, image: Descriptor, listed: Sequence[Descriptor]
    ) -> Verdict:
        seen: dict[str, Observed] = {
            "path": self.path,
            "tags": _tags(listed),
            "tag": image.tag,
            "digest": image.digest,
        }
        if self.digest and not self.digest.accepts(image.digest):
            return self._other("digest", self.digest, image.digest, facts(**seen))
        try:
            manifests = list(self._manifests(layout, image))
            verdicts = [self._whole(layout, each, seen) for each in manifests]
        except Invalid as error:
            return self._broken(error, facts(**seen))
        if not verdicts:
            return self._elsewhere(layout, image, facts(**seen))
        faults = (each for each in verdicts if each.status is not Status.PASSED)
        return next(faults, verdicts[0])

    def _manifests(self, layout: Layout, image: Descriptor) -> Iterator[Image]:
        """Yield the images of the platform that is asked for, else of all fetched."""
        for manifest in layout.manifests(image):
            known = manifest.platform
            if self.platform and known and not self.platform.accepts(known):
                continue
            if known and not self.platform and not layout.has(manifest):
                continue
            yield layout.image(manifest)

    def _whole(
        self, layout: Layout, image: Image, seen: dict[str, Observed]
    ) -> Verdict:
        count = len(image.layers)
        size = sum(each.size for each in image.layers)
        found = facts(**seen, platform=image.platform, layers=count, size=size)
        if self.platform and not self.platform.accepts(image.platform):
            return self._other("platform", self.platform, image.platform, found)
        if self.layers and not self.layers.accepts(count):
            noun = "layer" if count == 1 else "layers"
            return failed(
                f"{self._image} has {count} {noun}",
                expected=f"{self.layers.describe()} layers",
                actual=str(count),
                facts=found,
            )
        for number, layer in enumerate(image.layers, 1):
            if fault := layout.damage(layer, verify=VERIFIED if self.verify else 0):
                said = f"layer {number} of {count}, `{layer.digest}`, {fault}"
                return self._broken(Invalid(said), found)
        return passed(f"{self._image} is whole, for {image.platform}", found)

    def _elsewhere(self, layout: Layout, image: Descriptor, seen: Facts) -> Verdict:
        """Tell what an index is for, as nothing in it is what was asked for."""
        listed = [each.platform for each in layout.manifests(image) if each.platform]
        if not listed or self.platform is None:
            return self._broken(Invalid("none of its manifests was fetched"), seen)
        return failed(
            f"{self._image} is for {names(listed)}",
            expected=f"platform {self.platform.describe()}",
            actual=" ".join(listed),
            hint="copy it with `skopeo copy --multi-arch all`",
            facts=seen,
        )

    def _absent(self, machine: Machine) -> Verdict:
        summary, hint = self._instead(machine)
        return failed(summary, hint=hint) if self.exists else passed(summary)

    def _instead(self, machine: Machine) -> tuple[str, str]:
        """Say what there is in place of a layout, and what to do about it."""
        made = f"skopeo copy SOURCE oci:{self._quoted}:{self.tag or 'latest'}"
        try:
            kind = machine.stat(self.path).type
        except FileNotFoundError:
            return f"There is no directory `{self.path}`", made
        if kind == "file":
            unpack = f"mkdir DIR && tar -C DIR -xf {self._quoted}"
            return f"`{self.path}` is a file, not a directory: unpack it", unpack
        if kind != "directory":
            return (
                f"`{self.path}` is a {kind}, not a directory",
                f"ls -l {self._quoted}",
            )
        summary = f"`{self.path}` is no image layout: it has no file `oci-layout`"
        inside = machine.names(self.path)
        for name, maker in OTHER_FORMATS.items():
            if name in inside:
                return f"{summary}, it is what {maker} makes", made
        return summary, made

    def _without(self, listed: Sequence[Descriptor]) -> Verdict:
        if not listed:
            summary = f"`{self.path}` is an image layout without an image"
        else:
            tags = [each.tag for each in listed if each.tag]
            has = names(tags) if tags else "only images without a tag"
            summary = f"`{self.path}` has no image `{self.tag}`, it has {has}"
        if not self.exists:
            return passed(summary)
        return failed(
            summary,
            hint=f"skopeo copy SOURCE oci:{self._quoted}:{self.tag or 'latest'}",
        )

    def _there(self, listed: Sequence[Descriptor]) -> Verdict:
        seen = facts(path=self.path, tags=_tags(listed))
        if self.tag:
            hint = f"umoci remove --image {shlex.quote(f'{self.path}:{self.tag}')}"
            return failed(f"{self._image} is there", hint=hint, facts=seen)
        summary = f"`{self.path}` is an image layout"
        return failed(summary, hint=f"rm -r {self._quoted}", facts=seen)

    def _broken(self, fault: Invalid, seen: Facts | None = None) -> Verdict:
        summary = f"{self._image} is not whole: {fault}"
        return failed(summary, hint="copy it anew", facts=seen)

    def _other(self, name: str, wanted: Matcher, actual: str, seen: Facts) -> Verdict:
        return failed(
            f"{self._image} has the {name} `{actual}`",
            expected=f"{name} {wanted.describe()}",
            actual=actual,
            facts=seen,
        )

    @property
    def _image(self) -> str:
        of = f"Image `{self.tag}` of " if self.tag else ""
        return f"{of}`{self.path}`"

    @property
    def _quoted(self) -> str:
        return shlex.quote(self.path)


def _tags(listed: Sequence[Descriptor]) -> str:
    return " ".join(each.tag for each in listed if each.tag)
