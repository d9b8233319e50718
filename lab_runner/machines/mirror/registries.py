"""The public registries that the mirror passes for inside lab machines."""

from __future__ import annotations

import os

DOCKER_HUB = "docker.io"
# What stands in the names of images, and the server that has them.
SERVERS = {
    DOCKER_HUB: "registry-1.docker.io",
    "quay.io": "quay.io",
    "ghcr.io": "ghcr.io",
    "registry.k8s.io": "registry.k8s.io",
    "gcr.io": "gcr.io",
    "mcr.microsoft.com": "mcr.microsoft.com",
    "public.ecr.aws": "public.ecr.aws",
}
REGISTRIES = {server: registry for registry, server in SERVERS.items()}


def address(registry: str) -> str:
    """Return the URL that a registry's images are fetched from.

    `LABRUN_REGISTRY_UPSTREAM` names others: `docker.io=URL,quay.io=URL`, or one URL for
    Docker Hub.
    """
    chosen = dict(map(_choice, _words(os.environ.get("LABRUN_REGISTRY_UPSTREAM", ""))))
    return chosen.get(registry) or f"https://{SERVERS[registry]}"


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _choice(word: str) -> tuple[str, str]:
    registry, _, url = word.partition("=")
    chosen = (registry, url) if registry in SERVERS else (DOCKER_HUB, word)
    return chosen[0], chosen[1].rstrip("/")
