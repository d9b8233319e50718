"""The keys by which a distribution's packages are known to be its own."""

from __future__ import annotations

import hashlib
from pathlib import Path

from lab_runner.errors import MachineError
from lab_runner.machines import folder, host, locks
from lab_runner.machines.image.systems import Distribution, Package

PATIENCE = 20.0


def ensure(distribution: Distribution) -> Path:
    """Return a distribution's keyring: the host's, else one that is fetched once."""
    given, package = distribution.keyring, distribution.keys
    if given.exists() or package is None:
        return given
    made = folder.root() / "keyrings" / distribution.name
    lock = folder.locks() / "keyrings"
    with locks.held(lock, "keyrings are being fetched", wait=PATIENCE):
        if not made.exists():
            aside = made.with_name(f".{distribution.name}")
            folder.remove(aside)
            _unpack(_fetched(distribution, package), aside)
            aside.rename(made)
    return made / given.relative_to("/")


def _unpack(content: bytes, into: Path) -> None:
    into.mkdir(parents=True)
    package = into / "package.deb"
    package.write_bytes(content)
    host.run(["dpkg-deb", "--extract", str(package), str(into)])


def _fetched(distribution: Distribution, package: Package) -> bytes:
    import urllib.request  # noqa: PLC0415  (half of the start-up time of labrun machine)

    url = f"{distribution.archive.main}/{package.path}"
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:  # noqa: S310  (a constant)
            content: bytes = answer.read()
    except OSError as error:
        raise MachineError(
            f"the archive of {distribution.name} cannot be reached: "
            f"{getattr(error, 'reason', error)}",
            "repeat this where there is internet: what is built once needs none",
        ) from None
    if hashlib.sha256(content).hexdigest() != package.sha256:
        raise MachineError(
            f"`{url}` is not the package of keys that {distribution.name} has published",
            "something on the way here answers in its place: use another network",
        )
    return content
