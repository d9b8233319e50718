"""The certificates by which the mirror passes for public registries in lab machines."""

from __future__ import annotations

import shutil
from pathlib import Path

from lab_runner.machines import folder, host, locks
from lab_runner.machines.mirror.registries import SERVERS

NAMES = tuple(dict.fromkeys([*SERVERS.values(), *SERVERS, "index.docker.io"]))
NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc"]
YEARS = ["-days", "3650"]


def ensure() -> Path:
    """Return the folder of `ca.pem`, `mirror.pem` and `mirror.key`.

    They are made once, and again when the mirror has come to pass for other names.
    """
    made = folder.root() / "certificates"
    with locks.held(
        folder.locks() / "certificates", "certificates are being made", wait=30
    ):
        if not _is_for(made, NAMES):
            aside = made.with_name(".certificates")
            shutil.rmtree(aside, ignore_errors=True)
            aside.mkdir(mode=0o700)
            _make(aside)
            (aside / "names").write_text("\n".join(NAMES))
            shutil.rmtree(made, ignore_errors=True)
            aside.rename(made)
    return made


def _is_for(path: Path, names: tuple[str, ...]) -> bool:
    listed = path / "names"
    return listed.exists() and listed.read_text().split() == list(names)


def _make(path: Path) -> None:
    _certificate(
        ["-subj", "/CN=labrun mirror of this host"],
        ["-keyout", f"{path}/ca.key", "-out", f"{path}/ca.pem"],
        "basicConstraints=critical,CA:TRUE,pathlen:0",
        "keyUsage=critical,keyCertSign,cRLSign",
        # Whatever becomes of its key, it can vouch for nobody else.
        "nameConstraints=critical,"
        + ",".join(f"permitted;DNS:{registry}" for registry in SERVERS),
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
