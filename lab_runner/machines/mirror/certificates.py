"""The certificates by which the mirror passes for Docker Hub inside lab machines."""

from __future__ import annotations

import shutil
from pathlib import Path

from lab_runner.machines import folder, host, locks

NAMES = ("registry-1.docker.io", "docker.io", "index.docker.io")
NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc"]
YEARS = ["-days", "3650"]


def ensure() -> Path:
    """Return the folder of `ca.pem`, `mirror.pem` and `mirror.key`, made once."""
    made = folder.root() / "certificates"
    with locks.held(
        folder.locks() / "certificates", "certificates are being made", wait=30
    ):
        if not made.exists():
            aside = made.with_name(".certificates")
            shutil.rmtree(aside, ignore_errors=True)
            aside.mkdir(mode=0o700)
            _make(aside)
            aside.rename(made)
    return made


def _make(path: Path) -> None:
    _certificate(
        ["-subj", "/CN=labrun mirror of this host"],
        ["-keyout", f"{path}/ca.key", "-out", f"{path}/ca.pem"],
        "basicConstraints=critical,CA:TRUE,pathlen:0",
        "keyUsage=critical,keyCertSign,cRLSign",
        # Whatever becomes of its key, it can vouch for nobody else.
        "nameConstraints=critical,permitted;DNS:docker.io",
    )
    _certificate(
        [
            "-subj",
            f"/CN={NAMES[0]}",
            "-CA",
            f"{path}/ca.pem",
            "-CAkey",
            f"{path}/ca.key",
        ],
        ["-keyout", f"{path}/mirror.key", "-out", f"{path}/mirror.pem"],
        "basicConstraints=critical,CA:FALSE",
        "subjectAltName=" + ",".join(f"DNS:{name}" for name in NAMES),
    )


def _certificate(who: list[str], where: list[str], *extensions: str) -> None:
    added = [word for each in extensions for word in ("-addext", each)]
    host.run(["openssl", "req", "-x509", *NEW_KEY, *YEARS, *who, *where, *added])
