"""The process of the registry: `python -m lab_runner.machines.mirror.serve ROOT ADDRESS`.

ROOT is the machine folder, ADDRESS what machines reach of this host.
"""

from __future__ import annotations

import ssl
import sys
from pathlib import Path

from lab_runner.machines.mirror import registries, store
from lab_runner.machines.mirror.cache import Cache
from lab_runner.machines.mirror.registry import Registry
from lab_runner.machines.mirror.upstream import Upstream

PORT = 443


def main(root: Path, address: str) -> None:
    """Serve until somebody ends the process; every request is answered in a thread."""
    sources = {
        name: Upstream(name, registries.address(name)) for name in registries.SERVERS
    }
    cache = Cache(store.of(root), sources)
    with Registry((address, PORT), cache, _tls(root / "certificates")) as registry:
        registry.serve_forever()


def _tls(pems: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pems / "mirror.pem", pems / "mirror.key")
    return context


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
