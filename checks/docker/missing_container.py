"""What there is in place of a container that Docker does not have."""

from __future__ import annotations

from collections.abc import Sequence

from checks import reference
from checks.docker.compared import near
from checks.docker.containers import Listed
from checks.matchers import Matcher

SERVICE, PROJECT = "com.docker.compose.service", "com.docker.compose.project"


def instead(name: str, image: Matcher | None, known: Sequence[Listed]) -> str:
    """Name the likeliest container that could be meant, as the end of a sentence."""
    for each in known:
        if each.id.startswith(name):
            return f"; the ID of `{each.name}` only begins with that"
    for each in known:
        if each.labels.get(SERVICE) == name:
            project = each.labels.get(PROJECT, "")
            return f"; Compose calls that service of `{project}` `{each.name}`"
    return near(name, [each.name for each in known]) or _of_image(image, known)


def _of_image(image: Matcher | None, known: Sequence[Listed]) -> str:
    if image is None or image.literal is None or reference.full_id(image.literal):
        return ""
    wanted = reference.parse(image.literal).familiar
    for each in known:
        if each.image and reference.parse(each.image).familiar == wanted:
            return f"; `{each.name}` is a container from `{wanted}`"
    return ""
