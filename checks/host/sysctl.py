"""The kind `sysctl`: a parameter of the kernel, now and at boot."""

from __future__ import annotations

import re
from dataclasses import dataclass
from posixpath import basename
from shlex import quote
from typing import ClassVar

from checks.doors.machine import Machine
from checks.errors import CheckError, SpecError
from checks.host import kernel
from checks.host.kernel import Setting
from checks.host.wording import contrast, excerpt, unlike
from checks.matchers import Matcher, Observed
from checks.verdict import Facts, Verdict, failed, passed
from checks.words import did_you_mean

NAME = re.compile(r"\w[\w.:@-]*(/\w[\w.:@-]*)*")
NUMBER = re.compile(r"-?\d{1,19}")
# Parameters that are there only with a module of the kernel, by how they begin.
MODULES = {
    "net/bridge/": "br_netfilter",
    "net/netfilter/nf_conntrack": "nf_conntrack",
    "net/ipv4/vs/": "ip_vs",
    "fs/nfs/": "nfs",
    "dev/raid/": "md_mod",
}


@dataclass(frozen=True, slots=True)
class Sysctl:
    """A parameter of the kernel, as the machine's own processes see it.

        - sysctl: kernel.ostype
          value: Linux

    Several numbers of one parameter are joined by one space. What a file of
    `/etc/sysctl.d` says counts only once it is applied.
    """

    FACTS: ClassVar = ("key", "value")

    sysctl: str
    """Its name, with dots or slashes as for `sysctl`."""
    value: Matcher | None = None
    """What it is set to."""
    persistent: bool | None = None
    """`true` asks that a file sets it at boot as well, `false` that none does."""
    exists: bool = True
    """`false` asks that this kernel has no such parameter."""

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.sysctl) or ".." in self.sysctl:
            message = f"`sysctl`: `{self.sysctl}` is not the name of a parameter"
            raise SpecError(message, path=("sysctl",))

    def run(self, machine: Machine) -> Verdict:
        value = kernel.value(machine, self._path)
        if value is None:
            return self._missing(machine)
        facts = {"key": self.sysctl, "value": excerpt(value)}
        summary = f"`{self.sysctl}` is `{excerpt(value)}`"
        if not self.exists:
            return failed(summary, facts=facts)
        if not self._accepts(value):
            return self._other_value(machine, value, facts)
        return self._other_at_boot(machine, value, facts) or passed(summary, facts)

    @property
    def _path(self) -> str:
        return kernel.path_of(self.sysctl)

    def _accepts(self, value: str) -> bool:
        return self.value is None or self.value.accepts(_number(value))

    def _other_value(self, machine: Machine, value: str, facts: Facts) -> Verdict:
        assert self.value is not None  # noqa: S101  (for mypy: else it is accepted)
        actual, expected = contrast(value, self.value)
        summary = f"`{self.sysctl}` is `{actual}`, {unlike(self.value, expected)}"
        literal = self.value.literal
        hint = f"sysctl -w {quote(f'{self.sysctl}={literal}')}" if literal else ""
        planned = self._planned(machine)
        if planned and self._accepts(planned.value):
            summary = (
                f"`{self.sysctl}` is `{actual}`, `{excerpt(planned.value)}` is set in"
                f" `{planned.path}` but not applied"
            )
            hint = "sysctl --system"
        return failed(summary, expected=expected, actual=actual, hint=hint, facts=facts)

    def _planned(self, machine: Machine) -> Setting | None:
        """Look into the files to explain; a look that goes wrong explains less."""
        try:
            return kernel.at_boot(machine, self._path)
        except CheckError:
            return None

    def _other_at_boot(
        self, machine: Machine, value: str, facts: Facts
    ) -> Verdict | None:
        if self.persistent is None:
            return None
        planned = kernel.at_boot(machine, self._path)
        if not self.persistent and planned is None:
            return None
        if planned is None:
            file = f"/etc/sysctl.d/60-{basename(self._path)}.conf"
            return failed(
                f"`{self.sysctl}` is `{excerpt(value)}` only until the next boot",
                hint=f"echo {quote(f'{self.sysctl} = {value}')} >{file}",
                facts=facts,
            )
        held = self._accepts(planned.value) and (self.value or planned.value == value)
        if self.persistent and held:
            return None
        return failed(
            f"`{planned.path}` sets `{self.sysctl}` to `{excerpt(planned.value)}`"
            " at boot",
            hint=f"grep {quote(self.sysctl)} {planned.path}",
            facts=facts,
        )

    def _missing(self, machine: Machine) -> Verdict:
        summary = f"There is no parameter `{self.sysctl}`"
        if not self.exists:
            return passed(summary)
        for start, module in MODULES.items():
            if self._path.startswith(start):
                summary += f", it comes with the module `{module}`"
                return failed(summary, hint=f"modprobe {module}")
        names = kernel.neighbours(machine, self._path)
        return failed(f"{summary}{did_you_mean(basename(self._path), names)}")


def _number(value: str) -> Observed:
    return int(value) if NUMBER.fullmatch(value) else value
