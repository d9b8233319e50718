"""Where an image is to come from: its own registry, another one, or an archive."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from lab_runner.machines.mirror import archives, registries
from lab_runner.machines.mirror.transfer import Source
from lab_runner.machines.progress import Progress

# A whole registry: what follows its address is the image's own name.
SERVER = re.compile(r"(?P<scheme>docker|https?)://(?P<server>[^/]+)/?")
# Docker talks to registries on the same machine without TLS, and so do we.
LOOPBACK = re.compile(r"(localhost|127\.[\d.]+)(:\d+)?")


def is_registry(told: str) -> bool:
    """Return whether a source can be asked again for what is newer."""
    return not told or bool(SERVER.fullmatch(told))


@contextmanager
def opened(told: str, registry: str, progress: Progress) -> Iterator[Source]:
    """Open a source by what the user calls it; empty is the image's own registry."""
    from lab_runner.machines.mirror.upstream import (  # noqa: PLC0415  (HTTP takes long to import)
        Upstream,
    )

    if not told:
        yield Upstream(registry, registries.address(registry))
    elif found := SERVER.fullmatch(told):
        server, scheme = found["server"], found["scheme"]
        if scheme == "docker":
            scheme = "http" if LOOPBACK.fullmatch(server) else "https"
        yield Upstream(server, f"{scheme}://{server}")
    else:
        with archives.unpacked(told, progress) as source:
            yield source
