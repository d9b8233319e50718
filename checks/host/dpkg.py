"""dpkg's database, read without running dpkg wherever it is at rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from checks.doors.machine import Machine
from checks.errors import CheckError, ToolMissing
from checks.host.wording import last_line

STATUS, UPDATES = "/var/lib/dpkg/status", "/var/lib/dpkg/updates"
STANZA = r"\nPackage: ${Package}\nStatus: ${Status}\n"
STANZA += r"Version: ${Version}\nArchitecture: ${Architecture}\n"
# The states of a package that is not there, dpkg(1).
ABSENT = ("not-installed", "config-files")


@dataclass(frozen=True, slots=True)
class Entry:
    """A package as dpkg knows it; `flag` and `state` as in dpkg(1)."""

    name: str
    version: str
    architecture: str
    flag: str
    state: str

    @property
    def is_present(self) -> bool:
        return self.state not in ABSENT

    @property
    def is_installed(self) -> bool:
        return self.state == "installed" and self.flag == "ok"


def entries(machine: Machine, names: Iterable[str]) -> list[Entry]:
    """Return what dpkg knows under these exact names, one entry an architecture."""
    wanted = tuple(names)
    # While dpkg works, what has changed lies beside the database it belongs to.
    database = _asked(machine, wanted) if _is_at_work(machine) else _read(machine)
    return [entry for name in wanted for entry in _find(database, name)]


def _is_at_work(machine: Machine) -> bool:
    try:
        return bool(machine.names(UPDATES))
    except FileNotFoundError:
        return False


def _read(machine: Machine) -> bytes:
    try:
        return b"\n" + machine.read(STATUS)
    except FileNotFoundError:
        raise ToolMissing(
            "there is no dpkg on this machine, and no other package manager is asked",
            "take the lab on a Debian or Ubuntu machine",
        ) from None


def _asked(machine: Machine, names: Iterable[str]) -> bytes:
    result = machine.run(["dpkg-query", "--show", f"--showformat={STANZA}", *names])
    if result.exit not in (0, 1):  # 1: there is none of one of the names
        raise CheckError(f"dpkg could not tell: {last_line(result.stderr)}")
    return result.stdout.encode()


def _find(database: bytes, name: str) -> Iterator[Entry]:
    heading = f"\nPackage: {name}\n".encode()
    start = database.find(heading)
    while start >= 0:
        end = database.find(b"\n\n", start + 1)
        yield _parse(name, database[start:end].decode(errors="replace"))
        start = database.find(heading, start + 1)


def _parse(name: str, stanza: str) -> Entry:
    fields = dict(line.split(": ", 1) for line in stanza.splitlines() if ": " in line)
    try:
        _, flag, state = fields["Status"].split()
    except (KeyError, ValueError):
        message = f"what dpkg says about `{name}` cannot be understood"
        raise CheckError(message) from None
    version, architecture = fields.get("Version", ""), fields.get("Architecture", "")
    return Entry(name, version, architecture, flag, state)
