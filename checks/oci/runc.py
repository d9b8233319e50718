"""The kind `runc`: a container that runc keeps."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import ClassVar

from checks import matchers
from checks.doors.machine import Machine
from checks.errors import CheckError, SpecError
from checks.findings import facts
from checks.matchers import Matcher, Observed
from checks.oci import runtime
from checks.oci.runtime import DEFAULT_ROOT, State
from checks.verdict import Facts, Verdict, failed, passed
from checks.vocabulary import check_words

RUNNING = matchers.equals("running")
STATUSES = ("created", "running", "paused", "stopped")
# What takes a container from the status it has to the one that is wanted.
REMEDIES = {
    ("created", "running"): "start {}",
    ("created", "stopped"): "kill {} KILL",
    ("running", "paused"): "pause {}",
    ("running", "stopped"): "kill {} KILL",
    ("paused", "running"): "resume {}",
}


@dataclass(frozen=True, slots=True)
class Runc:
    """A container that runc keeps, by its exact ID.

        - runc: mycontainer
          status: running

    A container that has stopped stays until somebody deletes it.
    """

    FACTS: ClassVar = (
        "id",
        "pid",
        "status",
        "bundle",
        "rootfs",
        "created",
        "annotations",
        "root",
    )
    WORDS: ClassVar = {"status": STATUSES}

    runc: str
    """Its ID."""
    status: Matcher = RUNNING
    """What it is doing."""
    root: str = DEFAULT_ROOT
    """runc's state directory, as `runc --root` takes it; containerd's containers are in
    `/run/containerd/runc/NAMESPACE`, Docker's in `/run/docker/runtime-runc/moby`, those
    of a user without root in `/run/user/UID/runc`."""
    bundle: Matcher | None = None
    """The directory that the container was made from."""
    rootfs: Matcher | None = None
    """The directory that is its root file system."""
    annotations: Mapping[str, Matcher] | None = None
    """Annotations that must be there with a matching value; others do not matter."""
    exists: bool = True
    """`false` asks that there is no such container, not even a stopped one."""

    def __post_init__(self) -> None:
        if not self.root.startswith("/"):
            message = f"`root`: `{self.root}` is not an absolute path"
            raise SpecError(message, path=("root",))
        check_words("status", self.status, STATUSES)

    def run(self, machine: Machine) -> Verdict:
        found = runtime.state(machine, self.root, self.runc)
        if found is None:
            return self._missing(machine)
        seen = facts(**asdict(found))
        summary = f"Container `{self.runc}` is {found.status}"
        if not self.exists:
            hint = self._command(f"delete --force {self._id}")
            return failed(summary, expected="none", hint=hint, facts=seen)
        if not self.status.accepts(found.status):
            return self._other_status(machine, found, seen)
        for name, wanted, actual in self._compared(found):
            if wanted and not wanted.accepts(actual):
                return failed(
                    f"{summary}, with {_said(name, actual)}",
                    expected=f"{name} {wanted.describe()}",
                    actual="" if actual is None else str(actual),
                    hint=self._anew(""),
                    facts=seen,
                )
        return passed(f"{summary}, from bundle `{found.bundle}`", seen)

    def _compared(self, found: State) -> Iterator[tuple[str, Matcher | None, Observed]]:
        yield "bundle", self.bundle, found.bundle
        yield "root file system", self.rootfs, found.rootfs or None
        for name, wanted in (self.annotations or {}).items():
            yield f"annotation `{name}`", wanted, found.annotations.get(name)

    def _other_status(self, machine: Machine, found: State, seen: Facts) -> Verdict:
        is_there = _is_directory(machine, found.bundle)
        gone = "" if is_there else f", and its bundle `{found.bundle}` is gone"
        change = (found.status, self.status.literal or "")
        if change in REMEDIES:
            hint = self._command(REMEDIES[change].format(self._id))
        else:
            # What has stopped can only be made anew.
            hint = self._anew(found.bundle if is_there else "")
        return failed(
            f"Container `{self.runc}` is {found.status}{gone}",
            expected=self.status.describe(),
            actual=found.status,
            hint=hint,
            facts=seen,
        )

    def _missing(self, machine: Machine) -> Verdict:
        summary = f"There is no container `{self.runc}` in runc's `{self.root}`"
        in_the_way = runtime.remains(machine, self.root, self.runc)
        if not self.exists:
            return passed(summary)
        if in_the_way:
            said, remedy = in_the_way
            return failed(f"{summary}: {said}", hint=remedy)
        others = runtime.elsewhere(machine, self.root, self.runc)
        instead = "".join(f", there is one in `{root}`" for root in others)
        return failed(summary + instead, hint=self._creation(""))

    def _anew(self, bundle: str) -> str:
        return (
            f"{self._command(f'delete --force {self._id}')} && {self._creation(bundle)}"
        )

    def _creation(self, known: str) -> str:
        wanted = (self.bundle and self.bundle.literal) or known
        bundle = shlex.quote(wanted) if wanted else "BUNDLE"
        return self._command(f"run --detach --bundle {bundle} {self._id}")

    @property
    def _id(self) -> str:
        return shlex.quote(self.runc)

    def _command(self, words: str) -> str:
        own = f"--root {shlex.quote(self.root)} " if self.root != DEFAULT_ROOT else ""
        return f"runc {own}{words}"


def _said(name: str, actual: Observed) -> str:
    return f"no {name}" if actual is None else f"{name} `{actual}`"


def _is_directory(machine: Machine, path: str) -> bool:
    # Only for saying more: what may not be looked at counts as there.
    try:
        return machine.stat(path).type == "directory"
    except FileNotFoundError:
        return False
    except CheckError:
        return True
