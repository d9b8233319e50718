"""The kind `bundle`: a directory that an OCI runtime can run."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from checks import matchers
from checks.doors.machine import Machine
from checks.errors import SpecError
from checks.matchers import Matcher, Observed
from checks.oci import config
from checks.oci.config import Config, Invalid, Namespace
from checks.verdict import Verdict, failed, passed

CONFIG_LIMIT = 1 << 20


@dataclass(frozen=True, slots=True)
class Bundle:
    """An OCI bundle: a directory with a valid `config.json` and a root file system.

        - bundle: /root/mycontainer
          args: sleep 300
          namespaces: [pid, mount]

    It holds when `config.json` is what the OCI runtime specification asks for and its
    `root.path` is a directory that is not empty.
    """

    FACTS: ClassVar = ("path", "args", "hostname", "root")

    bundle: str
    """The absolute path of the directory."""
    args: Matcher | None = None
    """`process.args`, joined by spaces."""
    hostname: Matcher | None = None
    """`hostname`."""
    terminal: bool | None = None
    """`process.terminal`."""
    readonly: bool | None = None
    """`root.readonly`."""
    namespaces: tuple[Namespace, ...] | None = None
    """All of them must be among those in `linux.namespaces`."""
    exists: bool = True
    """`false` asks that the directory has no `config.json`."""

    def __post_init__(self) -> None:
        if not self.bundle.startswith("/"):
            message = f"`bundle`: `{self.bundle}` is not an absolute path"
            raise SpecError(message, path=("bundle",))

    def run(self, machine: Machine) -> Verdict:
        path = self._config_path
        try:
            data = machine.read(path, CONFIG_LIMIT)
        except FileNotFoundError:
            return self._absent(machine)
        if not self.exists:
            return failed(f"There is `{path}`", expected="none", hint=f"rm {path}")
        try:
            found = config.parse(data)
        except Invalid as error:
            return failed(
                f"`{path}` is not a valid runtime config: {error}",
                hint=f"rm {path} && runc spec --bundle {self.bundle}",
            )
        return self._rootless(machine, found) or self._judged(found)

    @property
    def _config_path(self) -> str:
        return posixpath.join(self.bundle, "config.json")

    def _absent(self, machine: Machine) -> Verdict:
        try:
            kind = machine.stat(self.bundle).type
        except FileNotFoundError:
            kind = ""
        if kind == "directory":
            misplaced = self._misplaced(machine)
            summary = f"`{self.bundle}` has no `config.json`{misplaced}"
            hint = "runc spec --bundle"
        elif kind:
            summary, hint = f"`{self.bundle}` is a {kind}, not a directory", "ls -l"
        else:
            summary, hint = f"There is no directory `{self.bundle}`", "mkdir --parents"
        if not self.exists:
            return passed(summary)
        return failed(summary, hint=f"{hint} {self.bundle}")

    def _misplaced(self, machine: Machine) -> str:
        inside = posixpath.join(self.bundle, "rootfs")
        try:
            machine.stat(posixpath.join(inside, "config.json"))
        except FileNotFoundError:
            return ""
        return f", it is in `{inside}`"

    def _rootless(self, machine: Machine, found: Config) -> Verdict | None:
        """Return why the bundle has no root file system, None when it has one."""
        root = self._root(found)
        try:
            kind = machine.stat(root).type
        except FileNotFoundError:
            kind = ""
        if not kind:
            reason, hint = "is not there", f"mkdir --parents {root}"
        elif kind != "directory":
            reason, hint = f"is a {kind}, not a directory", f"ls -l {root}"
        elif not machine.names(root):
            hint = f"docker export $(docker create busybox) | tar -C {root} -xf -"
            reason = "is empty"
        else:
            return None
        summary = f"Bundle `{self.bundle}` has no root file system: `{root}` {reason}"
        return failed(summary, hint=hint)

    def _judged(self, found: Config) -> Verdict:
        facts = {
            "path": self.bundle,
            "args": " ".join(found.args),
            "hostname": found.hostname,
            "root": self._root(found),
        }
        for field, wanted, actual in self._compared(found):
            if not wanted.accepts(actual):
                shown = matchers.as_text(actual)
                return failed(
                    f"Bundle `{self.bundle}` has `{shown}` as its {field}",
                    expected=wanted.describe(),
                    actual=shown,
                    hint=f"set {field} in {self._config_path}",
                    facts=facts,
                )
        summary = f"Bundle `{self.bundle}` is valid and runs `{facts['args']}`"
        return passed(summary, facts)

    def _compared(self, found: Config) -> Iterator[tuple[str, Matcher, Observed]]:
        """Yield each field that is asked for with its wanted and its actual value."""
        if self.args:
            yield "process.args", self.args, " ".join(found.args)
        if self.hostname:
            yield "hostname", self.hostname, found.hostname
        if self.terminal is not None:
            yield "process.terminal", matchers.equals(self.terminal), found.terminal
        if self.readonly is not None:
            yield "root.readonly", matchers.equals(self.readonly), found.readonly
        for name in self.namespaces or ():
            wanted = matchers.parse({"contains": name})
            yield "linux.namespaces", wanted, " ".join(found.namespaces)

    def _root(self, found: Config) -> str:
        return posixpath.join(self.bundle, found.root)
