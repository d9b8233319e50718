"""The images the mirror has without the internet, made of Debian's static busybox."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from lab_runner.machines import host
from lab_runner.machines.mirror import images, references
from lab_runner.machines.mirror.store import Store

FOLDERS = {
    "bin": 0o755,
    "dev": 0o755,
    "etc": 0o755,
    "home": 0o755,
    "proc": 0o555,
    "root": 0o700,
    "sys": 0o555,
    "tmp": 0o1777,
    "usr": 0o755,
    "usr/bin": 0o755,
    "var": 0o755,
}
ACCOUNTS = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\n"
    "nobody:x:65534:65534:nobody:/home:/bin/false\n",
    "etc/group": "root:x:0:\nnobody:x:65534:\n",
}
GREETING = {
    "etc/hello": "Hello from a container!\n"
    "Its image came from the registry mirror of labrun on this host.\n"
}


def sow(store: Store, busybox: Path) -> None:
    """Put the images `busybox` and `hello-world` into a store."""
    base = _busybox(busybox)
    names = [f"busybox:{tag}" for tag in ("latest", "stable", *_versions(busybox))]
    images.ship(store, list(map(references.parse, names)), [base], ["sh"])
    greeting = _archive(files=GREETING)
    hello = references.parse("hello-world")
    images.ship(store, [hello], [base, greeting], _GREET)


_GREET = ("cat", "/etc/hello")


def _busybox(program: Path) -> bytes:
    applets = host.run([str(program), "--list"]).split()
    links = [f"bin/{applet}" for applet in applets if applet != "busybox"]
    return _archive(FOLDERS, ACCOUNTS, program.read_bytes(), [*links, "usr/bin/env"])


def _versions(program: Path) -> tuple[str, str]:
    """Return 1.35.0 and 1.35 of "BusyBox v1.35.0 (Debian …) multi-call binary."."""
    version = host.run([str(program)]).split()[1].removeprefix("v")
    return version, version.rpartition(".")[0]


def _archive(
    folders: Mapping[str, int] | None = None,
    files: Mapping[str, str] | None = None,
    program: bytes = b"",
    links: Sequence[str] = (),
) -> bytes:
    """Return a tar archive that is the same, byte for byte, every time."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, mode in (folders or {}).items():
            archive.addfile(_entry(name, mode, tarfile.DIRTYPE))
        for name, text in (files or {}).items():
            _add(archive, name, 0o644, text.encode())
        if program:
            _add(archive, "bin/busybox", 0o755, program)
        for name in links:
            link = _entry(name, 0o755, tarfile.LNKTYPE)
            link.linkname = "bin/busybox"
            archive.addfile(link)
    return buffer.getvalue()


def _add(archive: tarfile.TarFile, name: str, mode: int, content: bytes) -> None:
    entry = _entry(name, mode, tarfile.REGTYPE)
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))


def _entry(name: str, mode: int, kind: bytes) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.mode, entry.type = mode, kind
    return entry
