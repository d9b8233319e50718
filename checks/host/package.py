"""The kind `package`: a Debian package that is installed."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import ClassVar

from checks.doors.machine import Machine
from checks.errors import CheckError, SpecError
from checks.host import dpkg, missing_package
from checks.host.aspects import Aspect, difference
from checks.host.dpkg import Entry
from checks.host.wording import none
from checks.matchers import Matcher
from checks.verdict import Facts, Verdict, failed, passed

NAME = re.compile(r"[a-z0-9][a-z0-9+.-]+")


@dataclass(frozen=True, slots=True)
class Package:
    """A package that dpkg has installed and configured, by its exact name.

        - package: [containerd, containerd.io]
          version: {at_least: "1.6"}

    A package that was removed and has left its configuration files is not installed.
    Package managers other than dpkg are not asked.
    """

    FACTS: ClassVar = ("name", "version", "architecture")

    package: tuple[str, ...]
    """Its name; of a list of names one is enough, because distributions disagree about
    them."""
    version: Matcher | None = None
    """Compared part by part, and without its epoch where the check gives none."""
    exists: bool = True
    """`false` asks that none of the names is installed."""

    def __post_init__(self) -> None:
        for name in self.package:
            if not NAME.fullmatch(name):
                message = f"`package`: `{name}` is not the name of a Debian package"
                raise SpecError(message, path=("package",))

    def run(self, machine: Machine) -> Verdict:
        entries = dpkg.entries(machine, self.package)
        if entries:
            return self._judge(machine, min(entries, key=self._distance))
        summary = none(self.package, "installed")
        if not self.exists:
            return passed(summary)
        because, hint = missing_package.explain(machine, self.package[0])
        return failed(f"{summary}{because}", hint=hint)

    def _distance(self, entry: Entry) -> tuple[bool, ...]:
        return not entry.is_present, not self._accepts(entry), not entry.is_installed

    def _accepts(self, entry: Entry) -> bool:
        return self.version is None or self.version.accepts(entry.version)

    def _judge(self, machine: Machine, found: Entry) -> Verdict:
        summary, facts = _described(found), _facts(found)
        if not self.exists and found.is_present:
            return failed(summary, hint=f"apt remove {found.name}", facts=facts)
        if not self.exists:
            return passed(summary, facts)
        if not found.is_installed:
            return failed(summary, hint=_remedy(found), facts=facts)
        return self._other_version(machine, found, facts) or passed(summary, facts)

    def _other_version(
        self, machine: Machine, found: Entry, facts: Facts
    ) -> Verdict | None:
        hint = _change(found.name, self.version)
        if found.is_held:
            hint = f"apt-mark unhold {found.name} && {hint}"
        version = Aspect("version", self.version, found.version, hint)
        verdict = difference(f"`{found.name}`", [version], facts)
        return verdict and replace(
            verdict, summary=f"{verdict.summary}{_offer(machine, found)}"
        )


def _described(entry: Entry) -> str:
    name = f"`{entry.name}`"
    if entry.is_installed:
        return f"{name} is installed ({entry.version})"
    match entry.state:
        case "config-files":
            return f"{name} is not installed, only its configuration files are left"
        case "half-configured":
            return f"{name} ({entry.version}) failed while it was configured"
        case "unpacked":
            return f"{name} is unpacked ({entry.version}) but not configured"
        case "triggers-awaited" | "triggers-pending":
            return (
                f"{name} is installed ({entry.version}) but its triggers have not run"
            )
        case _:
            return f"{name} is installed only in part ({entry.version})"


def _offer(machine: Machine, entry: Entry) -> str:
    """Word which version apt would bring; where apt cannot tell, nothing."""
    if entry.is_held:
        return ", and it is held there"
    with suppress(CheckError):
        offered = dpkg.offered(machine, entry.name)
        if offered == entry.version:
            return ", and it is the newest your sources offer"
        return f", your sources offer `{offered}`" if offered else ""
    return ""


def _remedy(entry: Entry) -> str:
    if not entry.is_present:
        return f"apt install {entry.name}"
    if entry.flag != "ok" or entry.state == "half-installed":
        return f"apt install --reinstall {entry.name}"
    return "dpkg --configure -a"


def _change(name: str, version: Matcher | None) -> str:
    """Return what brings the version asked for, or shows which ones there are."""
    if version and version.literal:
        return f"apt install {name}={version.literal}"
    only_newer = version and all(op == "at_least" for op, _ in version.conditions)
    return f"apt install --only-upgrade {name}" if only_newer else f"apt policy {name}"


def _facts(entry: Entry) -> Facts:
    return {
        "name": entry.name,
        "version": entry.version,
        "architecture": entry.architecture,
    }
