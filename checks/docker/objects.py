"""Docker's objects as frozen records, decoded strictly from the Engine's answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from checks import reference
from checks.docker import client
from checks.docker.decode import TEXT_LIMIT, entries, field, labels, or_empty, text
from checks.doors.machine import Machine


@dataclass(frozen=True, slots=True)
class Version:
    """The engine's version and the newest version of its API."""

    version: str
    api_version: str


@dataclass(frozen=True, slots=True)
class Image:
    """An image with all its names; `digests` are NAME@DIGEST, known after a pull."""

    id: str
    tags: tuple[str, ...]
    digests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Container:
    """A container; `exit` is None while it runs or was never started."""

    id: str
    name: str
    image: str
    state: str
    pid: int
    exit: int | None
    error: str
    out_of_memory: bool
    labels: Mapping[str, str]


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


def container(machine: Machine, address: str | None, name: str) -> Container | None:
    """Return the container of this name or full ID, never one of a prefix of its ID."""
    path = f"/containers/{quote(name, safe='')}/json"
    answer = client.get(machine, address, path)
    found = None if answer is None else _container(answer)
    return found if found and name in (found.id, found.name) else None


def container_names(machine: Machine, address: str | None) -> dict[str, str]:
    """Map the name of every container, stopped ones too, to its ID."""
    listed = entries(client.get(machine, address, "/containers/json?all=1"))
    return {
        str(name).removeprefix("/"): text(each, "Id")
        for each in listed
        for name in field(each, "Names", list)
    }


def _image(answer: Any) -> Image:
    return Image(
        id=text(answer, "Id"),
        tags=_names(or_empty(answer, "RepoTags", list)),
        digests=_names(or_empty(answer, "RepoDigests", list)),
    )


def _names(listed: list[Any]) -> tuple[str, ...]:
    # Where there is none, a list of images may hold `<none>:<none>`.
    return tuple(str(n)[:TEXT_LIMIT] for n in listed if "<none>" not in str(n))


def _container(answer: Any) -> Container:
    state = field(answer, "State", dict)
    config = field(answer, "Config", dict)
    status = text(state, "Status")
    has_ended = status in ("exited", "dead", "restarting", "removing")
    return Container(
        id=text(answer, "Id"),
        name=text(answer, "Name").removeprefix("/"),
        image=_image_name(text(config, "Image"), text(answer, "Image")),
        state=status,
        pid=field(state, "Pid", int),
        exit=field(state, "ExitCode", int) if has_ended else None,
        error=or_empty(state, "Error", str),
        out_of_memory=or_empty(state, "OOMKilled", bool),
        labels=labels(config),
    )


def _image_name(given: str, image_id: str) -> str:
    """Complete the image as it was given to `docker run`, which may be a short ID."""
    if image_id.removeprefix("sha256:").startswith(given.removeprefix("sha256:")):
        return image_id
    return reference.parse(given).familiar
