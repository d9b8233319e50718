"""Where apt of this host gets Debian from, so that lab machines get it there as well."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

DEBIAN = "http://deb.debian.org/debian"
SECURITY = "http://deb.debian.org/debian-security"
# The two forms of sources.list(5): one line, or a stanza of fields.
LINE = re.compile(r"deb\s+(?:\[[^]]*\]\s+)?(\S+)\s+(\S+)")
FIELD = re.compile(r"^(URIs|Suites):\s*(.+)$", re.MULTILINE)


def lines(suite: str, apt: Path = Path("/etc/apt")) -> list[str]:
    """Return the lines of sources.list(5) for a suite of Debian with its updates.

    Debian's own servers where `apt`, the configuration of this host, names no others.
    """
    entries = list(_entries(apt))
    main = _server(entries, "-updates", DEBIAN)
    security = _server(entries, "-security", SECURITY)
    return [
        f"deb {main} {suite} main",
        f"deb {main} {suite}-updates main",
        f"deb {security} {suite}-security main",
    ]


def _server(entries: list[tuple[str, str]], ending: str, default: str) -> str:
    # Others call their folders `debian` as well, but have no suites of these names.
    for uri, suite in entries:
        if uri.startswith("http") and "/debian" in uri and suite.endswith(ending):
            return uri.rstrip("/")
    return default


def _entries(apt: Path) -> Iterator[tuple[str, str]]:
    """Yield each address with each suite that is got from there."""
    for path in (apt / "sources.list", *sorted(apt.glob("sources.list.d/*.list"))):
        text = path.read_text() if path.is_file() else ""
        for line in text.splitlines():
            if found := LINE.match(line):
                yield found[1], found[2]
    for path in sorted(apt.glob("sources.list.d/*.sources")):
        for stanza in re.split(r"\n\s*\n", path.read_text()):
            fields = dict(FIELD.findall(stanza))
            for suite in fields.get("Suites", "").split():
                yield fields.get("URIs", "").partition(" ")[0], suite
