"""What there is in place of an image that Docker does not have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches

from checks import reference
from checks.docker.objects import Image

SHOWN = 3
Look = Callable[[str, Sequence[Image]], str]


def begun_by(name: str, images: Sequence[Image]) -> str:
    """Say whose ID begins with the name, which is not enough to mean it."""
    for image in images:
        if image.id.removeprefix("sha256:").startswith(name.removeprefix("sha256:")):
            return f"; the ID of {_called(image)} only begins with that"
    return ""


def instead(name: str, images: Sequence[Image]) -> str:
    """Word the likeliest image that could be meant, as the end of a sentence."""
    found = (said for look in LOOKS if (said := look(name, images)))
    return next((f"; {said}" for said in found), "")


def _digest_for_id(name: str, images: Sequence[Image]) -> str:
    digest = reference.full_id(name)
    for image in images:
        if digest in _digests(image):
            return f"that is the digest of {_called(image)}, not its ID"
    return ""


def _digest_elsewhere(name: str, images: Sequence[Image]) -> str:
    wanted = reference.parse(name).digest
    for image in images:
        if wanted and wanted in _digests(image):
            return f"{_called(image)} has that digest"
    return ""


def _other_tags(name: str, images: Sequence[Image]) -> str:
    repository = reference.parse(name).repository
    return _listed(each for each in _known(images) if each.repository == repository)


def _untagged(name: str, images: Sequence[Image]) -> str:
    repository = reference.parse(name).repository
    for image in images:
        known = map(reference.parse, image.digests)
        if not image.tags and any(each.repository == repository for each in known):
            return f"an image of it has lost its tag: `{image.id}`"
    return ""


def _other_registries(name: str, images: Sequence[Image]) -> str:
    wanted = reference.parse(name).name
    return _listed(each for each in _known(images) if each.name == wanted)


def _slips(name: str, images: Sequence[Image]) -> str:
    known = _known(images)
    wanted, names = reference.parse(name).name, [each.name for each in known]
    alike = get_close_matches(wanted, names, cutoff=0.75)
    return _listed(each for each in known if each.name in alike)


# What is meant most likely comes first.
LOOKS: tuple[Look, ...] = (
    _digest_for_id,
    _digest_elsewhere,
    _other_tags,
    _untagged,
    _other_registries,
    _slips,
)


def _known(images: Sequence[Image]) -> list[reference.Reference]:
    return [reference.parse(tag) for image in images for tag in image.tags]


def _digests(image: Image) -> list[str]:
    return [reference.parse(each).digest for each in image.digests]


def _called(image: Image) -> str:
    return f"`{image.tags[0]}`" if image.tags else "an untagged image"


def _listed(found: Iterable[reference.Reference]) -> str:
    names = [f"`{each.familiar}`" for each in found][:SHOWN]
    return f"it has {', '.join(names)}" if names else ""
