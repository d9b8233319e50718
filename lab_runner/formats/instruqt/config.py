"""`config.yml` of a track: its hosts, and what it takes that is not here."""

from __future__ import annotations

from collections.abc import Sequence

from lab_runner.formats.foreign.documents import Document
from lab_runner.formats.foreign.notes import Notes, named
from lab_runner.formats.foreign.values import listed, mapping, text

NAMES = ("config.yml", "config.yaml")
HOSTS = ("containers", "virtualmachines")
ELSEWHERE = (
    "virtualbrowsers", "aws_accounts", "azure_subscriptions", "gcp_projects", "secrets",
)  # fmt: skip


def hosts(config: Document) -> list[str]:
    """Return the names of the hosts."""
    return _hosts(config, "name")


def images(config: Document) -> Sequence[str]:
    """Return what the hosts are made of, each once."""
    return list(dict.fromkeys(_hosts(config, "image")))


def note_what_is_missing(config: Document, notes: Notes) -> None:
    """Note what the track takes that no lab machine has."""
    for image in images(config):
        message = f"this lab is made for {named(image)}, which is not here"
        advice = "See which packages and images it takes"
        notes.add("changed", config.source(image), message, advice)
    for key in ELSEWHERE:
        if config.values.get(key):
            message = f"this lab takes {named(key)}, which are not here"
            notes.add("changed", config.source(f"{key}:"), message, "Do without")


def _hosts(config: Document, key: str) -> list[str]:
    found = (mapping(e) for kind in HOSTS for e in listed(config.values.get(kind)))
    return [text(each, key) for each in found if text(each, key)]
