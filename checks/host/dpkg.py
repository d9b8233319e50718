"""dpkg's database, read without running dpkg wherever it is at rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from checks.doors.machine import Machine
from checks.errors import CheckError, ToolMissing
from checks.host.wording import last_line

STATUS, UPDATES = "/var/lib/dpkg/status", "/var/lib/dpkg/updates"
# Where others keep what dpkg keeps in STATUS.
OTHERS = {
    "/var/lib/rpm": "rpm",
    "/usr/lib/sysimage/rpm": "rpm",
    "/lib/apk/db": "apk",
    "/var/lib/pacman": "pacman",
}
STANZA = r"\nPackage: ${Package}\nStatus: ${Status}\n"
STANZA += r"Version: ${Version}\nArchitecture: ${Architecture}\n"
# The states of a package that is not there, dpkg(1).
UNKNOWN, REMOVED = "not-installed", "config-files"


@dataclass(frozen=True, slots=True)
class Entry:
    """A package as dpkg knows it; `wish`, `flag` and `state` as in dpkg(1)."""

    name: str
    version: str
    architecture: str
    wish: str
    flag: str
    state: str

    @property
    def is_present(self) -> bool:
        return self.state not in (UNKNOWN, REMOVED)

    @property
    def is_held(self) -> bool:
        return self.wish == "hold"

    @property
    def is_installed(self) -> bool:
        return self.state == "installed" and self.flag == "ok"


def entries(machine: Machine, names: Iterable[str]) -> list[Entry]:
    """Return what dpkg has under these exact names, one entry an architecture."""
    wanted = tuple(names)
    database = _database(machine, wanted)
    found = [entry for name in wanted for entry in _find(database, name)]
    return [entry for entry in found if entry.state != UNKNOWN]


def every(machine: Machine) -> list[Entry]:
    """Return all packages that dpkg has, those of which only settings are left too."""
    stanzas = _database(machine, ()).decode(errors="replace").split("\n\n")
    found = [_parse(_name(each), each) for each in stanzas if each.strip()]
    return [entry for entry in found if entry.state != UNKNOWN]


def installed(machine: Machine) -> dict[str, tuple[str, ...]]:
    """Return the names of all installed packages, each with the names it provides."""
    found = {}
    for stanza in _read(machine).decode(errors="replace").split("\n\n"):
        fields = dict(
            line.split(": ", 1) for line in stanza.split("\n") if ": " in line
        )
        if fields.get("Status", "").endswith(" installed"):
            provided = fields.get("Provides", "").split(",")
            found[fields["Package"]] = tuple(
                each.split()[0] for each in provided if each
            )
    return found


def owner(machine: Machine, program: str) -> str:
    """Return the package that brings a program of this name, or an empty text."""
    result = machine.run(["dpkg-query", "--search", f"*bin/{program}"])
    name, colon, _ = result.stdout.partition(": ")
    return name if colon and not name.startswith("diversion by") else ""


def offered(machine: Machine, name: str) -> str:
    """Return the version that apt would install, or an empty text where there is none."""
    result = machine.run(["apt-cache", "policy", name])
    for line in result.stdout.splitlines():
        word, _, version = line.strip().partition(": ")
        if word == "Candidate":
            return "" if version == "(none)" else version
    return ""


def _database(machine: Machine, names: Iterable[str]) -> bytes:
    # While dpkg works, what has changed lies beside the database it belongs to.
    return _asked(machine, names) if _is_at_work(machine) else _read(machine)


def _is_at_work(machine: Machine) -> bool:
    try:
        return bool(machine.names(UPDATES))
    except FileNotFoundError:
        return False


def _read(machine: Machine) -> bytes:
    try:
        return b"\n" + machine.read(STATUS)
    except FileNotFoundError:
        raise _without_dpkg(machine) from None


def _without_dpkg(machine: Machine) -> ToolMissing:
    found = [name for path, name in OTHERS.items() if _is_there(machine, path)]
    others = f"{found[0]}, which is not asked" if found else "nothing that can be asked"
    return ToolMissing(
        f"there is no dpkg on this machine, its packages are kept by {others}",
        "take the lab on a Debian or Ubuntu machine",
    )


def _is_there(machine: Machine, path: str) -> bool:
    with suppress(FileNotFoundError):
        machine.stat(path)
        return True
    return False


def _asked(machine: Machine, names: Iterable[str]) -> bytes:
    result = machine.run(["dpkg-query", "--show", f"--showformat={STANZA}", *names])
    if result.exit not in (0, 1):  # 1: there is none of one of the names
        raise CheckError(f"dpkg could not tell: {last_line(result.stderr)}")
    return result.stdout.encode()


def _name(stanza: str) -> str:
    return stanza.lstrip().partition("\n")[0].removeprefix("Package: ")


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
        wish, flag, state = fields["Status"].split()
    except (KeyError, ValueError):
        message = f"what dpkg says about `{name}` cannot be understood"
        raise CheckError(message) from None
    version, architecture = fields.get("Version", ""), fields.get("Architecture", "")
    return Entry(name, version, architecture, wish, flag, state)
