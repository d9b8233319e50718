"""Where apt of this host gets packages from, so that lab machines get them there too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# The two forms of sources.list(5): one line, or a stanza of fields.
LINE = re.compile(r"deb\s+(?:\[[^]]*\]\s+)?(\S+)\s+(\S+)")
FIELD = re.compile(r"^(URIs|Suites):\s*(.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Archive:
    """The servers of a distribution.

    `folder` is what they all call it. `ports` has the architectures that the others
    do not have.
    """

    folder: str
    main: str
    security: str
    sections: str
    ports: str = ""

    def serving(self, architecture: str) -> tuple[str, str]:
        """Return the servers of packages and of security updates."""
        if self.ports and architecture not in ("amd64", "i386"):
            return self.ports, self.ports
        return self.main, self.security


def lines(
    archive: Archive, suite: str, architecture: str, apt: Path = Path("/etc/apt")
) -> list[str]:
    """Return the lines of sources.list(5) for a suite with its updates.

    The distribution's own servers where `apt`, the configuration of this host, names no
    others.
    """
    main, security = archive.serving(architecture)
    entries = list(_entries(apt))
    main = _server(entries, archive, "-updates", main)
    security = _server(entries, archive, "-security", security)
    return [
        f"deb {main} {suite} {archive.sections}",
        f"deb {main} {suite}-updates {archive.sections}",
        f"deb {security} {suite}-security {archive.sections}",
    ]


def _server(
    entries: list[tuple[str, str]], archive: Archive, ending: str, default: str
) -> str:
    # Others name their folders so as well, but have no suites of these names.
    named = f"/{archive.folder}"
    for uri, suite in entries:
        if uri.startswith("http") and named in uri and suite.endswith(ending):
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
