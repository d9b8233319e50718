"""The Engine itself and its images as frozen records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from checks import reference
from checks.docker import client
from checks.docker.decode import TEXT_LIMIT, entries, or_empty, text
from checks.doors.machine import Machine


@dataclass(frozen=True, slots=True)
class Version:
    """The engine's version and the newest version of its API."""

    version: str
    api_version: str


@dataclass(frozen=True, slots=True)
class Image:
    """An image with all its names; `digests` are NAME@DIGEST, known after a pull.

    `platform` is empty in a list of images, which does not tell it.
    """

    id: str
    tags: tuple[str, ...]
    digests: tuple[str, ...]
    platform: str


def version(machine: Machine, address: str | None) -> Version:
    answer = client.get(machine, address, "/version")
    return Version(text(answer, "Version"), text(answer, "ApiVersion"))


def image(machine: Machine, address: str | None, text: str) -> Image | None:
    """Return the image of this reference or full ID, never one of a prefix of its ID."""
    # Completed, a name has a slash and so cannot be taken for an ID.
    wanted = reference.full_id(text) or str(reference.parse(text))
    path = f"/images/{quote(wanted, safe='/:@')}/json"
    answer = client.get(machine, address, path)
    found = None if answer is None else _image(answer)
    return found if found and wanted in (found.id, *references(found)) else None


def images(machine: Machine, address: str | None) -> list[Image]:
    return [
        _image(each) for each in entries(client.get(machine, address, "/images/json"))
    ]


def references(found: Image) -> list[str]:
    """Return the image's tags and digests as completed references."""
    return [str(reference.parse(text)) for text in (*found.tags, *found.digests)]


def _image(answer: Any) -> Image:
    parts = [or_empty(answer, key, str) for key in ("Os", "Architecture", "Variant")]
    return Image(
        id=text(answer, "Id"),
        tags=_names(or_empty(answer, "RepoTags", list)),
        digests=_names(or_empty(answer, "RepoDigests", list)),
        platform="/".join(part for part in parts if part)[:TEXT_LIMIT],
    )


def _names(listed: list[Any]) -> tuple[str, ...]:
    # Where there is none, a list of images may hold `<none>:<none>`.
    return tuple(str(n)[:TEXT_LIMIT] for n in listed if "<none>" not in str(n))
